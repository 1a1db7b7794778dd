import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Finding } from './fact.ts';
import type { PackageName } from './purl.ts';
import { excusedByVex, type VexProduct, type VexStatement } from './vex.ts';

function reasonFor(statements: readonly VexStatement[], finding: Finding): string | null {
  const excuse = excusedByVex(statements, finding);
  return excuse?.isValid ? excuse.why : null;
}

function aProduct(
  changes: Partial<PackageName> = {},
  doubt: VexProduct['doubt'] = null,
): VexProduct {
  return {
    package: { name: 'lodash', version: '4.17.15', ecosystem: 'npm', ...changes },
    doubt,
  };
}

const whole: VexProduct = { package: null, doubt: null };
const another = { isAnother: true, why: 'it is about pkg:oci/other' };
const unknown = { isAnother: false, why: 'it is about some product' };

function aStatement(changes: Partial<VexStatement> = {}): VexStatement {
  return {
    ...{ vulnerability: 'CVE-2021-23337', aliases: ['GHSA-35jh-r3h4-6jhm'] },
    products: [aProduct()],
    ...{
      status: 'not_affected',
      justification: 'vulnerable_code_not_in_execute_path',
      atMs: 1_000,
    },
    ...changes,
  };
}

function aFinding(changes: Partial<Finding> = {}): Finding {
  return {
    ...{ rule: 'CVE-2021-23337', level: 'high', message: '', places: [], isSuppressed: false },
    component: { name: 'lodash', version: '4.17.15', ecosystem: 'npm' },
    ...changes,
  };
}

const lodash = { name: 'lodash', version: '4.17.15', ecosystem: 'npm' };

const why = 'CVE-2021-23337: not affected, by VEX: vulnerable_code_not_in_execute_path';

test('a finding is excused by what is said of just this vulnerability in just this package', () => {
  assert.equal(reasonFor([aStatement()], aFinding()), why);
  assert.equal(
    reasonFor([aStatement({ status: 'fixed', justification: null })], aFinding()),
    'CVE-2021-23337: fixed, by VEX',
  );
});

test('a vulnerability is known by any of its names, in either case', () => {
  const byAlias = aFinding({ rule: 'ghsa-35jh-r3h4-6jhm' });
  const itself = aFinding({ rule: '1106913', aliases: ['cve-2021-23337'] });

  assert.equal(reasonFor([aStatement()], byAlias), why);
  assert.equal(reasonFor([aStatement()], itself), why);
  assert.equal(reasonFor([aStatement()], aFinding({ rule: 'CVE-2021-2333' })), null);
});

test('a product without a version is meant in all of them, one with a version in that alone', () => {
  const any = aStatement({ products: [aProduct({ version: null })] });
  const other = aFinding({ component: { ...lodash, version: '4.17.16' } });

  assert.equal(reasonFor([any], other), why);
  assert.equal(reasonFor([aStatement()], other), null);
});

test('nothing is excused by what is not said', () => {
  const nothing: Readonly<Record<string, Partial<VexStatement>>> = {
    'no product': { products: [] },
    'another package': { products: [aProduct({ name: 'lodash.merge', version: null })] },
    'another scope': { products: [aProduct({ name: '@types/lodash', version: null })] },
    'the package of that name in another ecosystem': {
      products: [aProduct({ ecosystem: 'pypi', version: null })],
    },
    'a name of no ecosystem': { products: [aProduct({ ecosystem: null })] },
    'that it is fixed, in no version': {
      ...{ products: [aProduct({ version: null })], status: 'fixed' },
    },
    'no reason': { justification: null },
    'a reason of white space': { justification: ' \n' },
    'it is affected': { status: 'affected' },
    'it is looked into': { status: 'under_investigation' },
  };

  for (const [what, changes] of Object.entries(nothing)) {
    assert.equal(reasonFor([aStatement(changes)], aFinding()), null, what);
  }
  const { component, ...ofNoPackage } = aFinding();
  assert.ok(component);
  assert.equal(reasonFor([aStatement()], ofNoPackage), null);
});

test('a package whose ecosystem no tool has told is excused only by a name of none', () => {
  const untold = aFinding({ component: { name: 'lodash', version: '4.17.15' } });

  assert.equal(reasonFor([aStatement()], untold), null);
  assert.equal(reasonFor([aStatement({ products: [aProduct({ ecosystem: null })] })], untold), why);
});

test('to excuse a package of no told ecosystem, no statement on one of some may object', () => {
  const untold = aFinding({ component: { name: 'lodash', version: '4.17.15' } });
  const excusing = aStatement({ products: [aProduct({ ecosystem: null })] });
  const objection = aStatement({ status: 'affected', atMs: 2_000 });

  assert.equal(reasonFor([excusing], untold), why);
  assert.equal(reasonFor([excusing, objection], untold), null);
});

test('to object, what may be meant is enough, and another ecosystem is not', () => {
  const objection = (ecosystem: string | null): VexStatement =>
    aStatement({ products: [aProduct({ ecosystem })], status: 'affected', atMs: 2_000 });

  assert.equal(reasonFor([aStatement(), objection(null)], aFinding()), null);
  assert.equal(reasonFor([aStatement(), objection('npm')], aFinding()), null);
  assert.equal(reasonFor([aStatement(), objection('pypi')], aFinding()), why);
});

test('what is said of another product, or of one that is not known to be this, says why it excuses nothing', () => {
  for (const doubt of [another, unknown]) {
    const doubted = aStatement({ products: [aProduct({}, doubt)] });

    assert.deepEqual(excusedByVex([doubted], aFinding()), {
      isValid: false,
      why: `CVE-2021-23337: VEX is not believed: ${doubt.why}`,
    });
    assert.equal(reasonFor([doubted, aStatement()], aFinding()), why);
    const both = aStatement({ products: [aProduct({}, doubt), aProduct()] });
    assert.equal(reasonFor([both], aFinding()), why);
  }
});

test('a doubt is told only of what would excuse', () => {
  const quiet: readonly Partial<VexStatement>[] = [
    { products: [aProduct({ version: '4.17.14' }, unknown)] },
    { products: [aProduct({}, unknown)], status: 'affected' },
    { products: [aProduct({}, unknown)], justification: null },
    { products: [aProduct({ version: null }, unknown)], status: 'fixed' },
  ];

  for (const changes of quiet) assert.equal(excusedByVex([aStatement(changes)], aFinding()), null);
});

test('another product objects to nothing, one that may be this does', () => {
  const objection = (doubt: VexProduct['doubt']): VexStatement =>
    aStatement({ products: [aProduct({}, doubt)], status: 'affected', atMs: 2_000 });

  assert.equal(reasonFor([aStatement(), objection(another)], aFinding()), why);
  assert.equal(reasonFor([aStatement(), objection(unknown)], aFinding()), null);
});

test('what is said of the whole product is said of every package in it, but for what is fixed', () => {
  const { component, ...ofNoPackage } = aFinding();
  assert.ok(component);

  assert.equal(reasonFor([aStatement({ products: [whole] })], aFinding()), why);
  assert.equal(reasonFor([aStatement({ products: [whole] })], ofNoPackage), null);
  assert.equal(reasonFor([aStatement({ products: [whole], status: 'fixed' })], aFinding()), null);
  const later = aStatement({ products: [whole], status: 'affected', atMs: 2_000 });
  assert.equal(reasonFor([aStatement(), later], aFinding()), null);
});

test('of several statements the last decides, and of those at once the worse', () => {
  const later = aStatement({ status: 'affected', atMs: 2_000 });
  const unjustified = aStatement({ justification: null, atMs: 2_000 });

  assert.equal(reasonFor([aStatement(), later], aFinding()), null);
  assert.equal(reasonFor([aStatement(), unjustified], aFinding()), null);
  assert.equal(reasonFor([later, aStatement({ atMs: 3_000 })], aFinding()), why);
  assert.equal(reasonFor([later, aStatement({ atMs: 2_000 })], aFinding()), null);
  assert.equal(reasonFor([{ ...later, atMs: null }, aStatement()], aFinding()), null);
  assert.equal(reasonFor([later, aStatement({ atMs: null })], aFinding()), null);
  const ofAnother = { ...later, products: [aProduct({ name: 'jquery', version: null })] };
  assert.equal(reasonFor([aStatement(), ofAnother], aFinding()), why);
});

test('why is one short line', () => {
  const statement = aStatement({ justification: `We\nnever ${'really '.repeat(100)}call it` });
  const line = reasonFor([statement], aFinding()) ?? '';

  assert.match(line, /^CVE-2021-23337: not affected, by VEX: We never really/);
  assert.ok(!line.includes('\n') && line.length < 300);
});

test('an objection is never outvoted, in whatever order statements stand', () => {
  const anyStatement = fc
    .record({
      status: fc.constantFrom('not_affected', 'affected', 'fixed', 'under_investigation'),
      justification: fc.constantFrom(null, 'because'),
      atMs: fc.option(fc.nat(5)),
      products: fc.constantFrom([], [aProduct()], [aProduct({ version: null })], [whole]),
    })
    .map((changes) => aStatement(changes as Partial<VexStatement>));
  fc.assert(
    fc.property(fc.array(anyStatement, { maxLength: 8 }), (statements) => {
      const isExcused = reasonFor(statements, aFinding()) !== null;

      assert.equal(reasonFor(statements.toReversed(), aFinding()) !== null, isExcused);
      const last = aStatement({ status: 'under_investigation', atMs: 9 });
      assert.equal(reasonFor([...statements, last], aFinding()), null);
      if (isExcused) assert.ok(statements.some(({ products }) => products.length > 0));
    }),
  );
});

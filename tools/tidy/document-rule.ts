/** Decisions are numbered without gaps, changes have their form, links lead somewhere. */
import { basename, dirname, extname, join, normalize } from 'node:path/posix';
import type { Finding } from './finding.ts';
import type { SourceTree } from './source-tree.ts';

const changeForm = /^---\nkind: (?:added|changed|fixed|removed|security)\n---\n\n\S[^]*\n$/;

export function documentRule(tree: SourceTree): Finding[] {
  return [...decisionFindings(tree), ...changeFindings(tree), ...linkFindings(tree)];
}

function decisionFindings(tree: SourceTree): Finding[] {
  const paths = filesIn(tree, 'docs/decisions').filter((path) => basename(path) !== 'template.md');
  const malformed = paths.filter((path) => !/^\d{4}-[a-z0-9-]+\.md$/.test(basename(path)));
  const numbered = paths.filter((path) => !malformed.includes(path));
  return [
    ...malformed.map((path) => ({ path, message: 'Decisions are named NNNN-what-is-decided.md.' })),
    ...numbered.flatMap((path, index) => {
      const expected = String(index + 1).padStart(4, '0');
      const isNext = basename(path).startsWith(expected);
      return isNext ? [] : [{ path, message: `The next decision has the number ${expected}.` }];
    }),
  ];
}

function changeFindings(tree: SourceTree): Finding[] {
  return filesIn(tree, 'changes')
    .filter((path) => basename(path) !== 'README.md')
    .filter(
      (path) =>
        !changeForm.test(tree.texts.get(path) ?? '') || !/^[a-z0-9-]+\.md$/.test(basename(path)),
    )
    .map((path) => ({ path, message: 'Not in the form that changes/README.md asks for.' }));
}

function linkFindings(tree: SourceTree): Finding[] {
  const paths = new Set([...tree.texts.keys()].flatMap(withFolders));
  // The tree has no pictures and the like; folders and files without an ending it has.
  const isThere = (path: string): boolean =>
    paths.has(path) || (extname(path) !== '' && !/\.(?:md|ts|mjs|js|json|ya?ml)$/.test(path));
  return [...tree.texts].flatMap(([path, text]) => {
    if (!path.endsWith('.md')) return [];
    const links = [...text.matchAll(/\]\((?!\w+:|#|\/)([^)\s#]+)/g)].map(([, link]) => link ?? '');
    return links
      .filter((link) => !isThere(normalize(join(dirname(path), link)).replace(/\/$/, '')))
      .map((link) => ({ path, message: `The link to ${link} leads nowhere.` }));
  });
}

function withFolders(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function filesIn(tree: SourceTree, folder: string): string[] {
  return [...tree.texts.keys()].filter((path) => dirname(path) === folder);
}

/**
 * What PostgreSQL's own functions do, as far as it is known here. A name that is not listed may do
 * anything: it is never taken for harmless.
 */

/** Never fail on any value of the right type, and depend on nothing else. */
const total = `abs array_length array_to_string array_to_tsvector btrim cardinality char_length
  character_length coalesce concat concat_ws greatest jsonb_typeof json_typeof least length lower ltrim md5
  octet_length regexp_match reverse rtrim sha256 strpos to_tsvector unaccent upper`;

/** Change nothing and give the same value throughout a statement. */
const steady = `age array_agg array_append array_cat array_position array_prepend array_remove avg bool_and
  bool_or ceil ceiling chr convert_from convert_to count current_database current_schema current_schemas
  current_setting date_part date_trunc decode encode every exists extract floor format generate_series
  generate_subscripts hashtext initcap int4range int8range json_agg json_build_array json_build_object
  jsonb_agg jsonb_array_elements jsonb_array_elements_text jsonb_build_array jsonb_build_object
  jsonb_each jsonb_each_text jsonb_object_agg jsonb_set jsonb_strip_nulls left lpad make_date
  make_interval make_timestamp make_timestamptz max min mod now numrange date_range tsrange tstzrange
  daterange overlay pg_relation_size pg_size_pretty pg_table_size pg_total_relation_size pg_typeof
  plainto_tsquery position power quote_ident quote_literal quote_nullable rank regexp_matches
  regexp_replace regexp_split_to_array repeat replace right round row_number row_to_json rpad
  setweight sign split_part sqrt starts_with statement_timestamp string_agg string_to_array substr
  substring sum timezone to_char to_date to_json to_jsonb to_number to_regclass to_timestamp
  to_tsquery transaction_timestamp translate trim trunc unnest version width_bucket`;

/** Change nothing but give another value each time, so that each row must be written. */
const fickle = `clock_timestamp gen_random_bytes gen_random_uuid nextval random random_normal timeofday
  uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 uuidv4 uuidv7`;

const totalNames = new Set(total.split(/\s+/));
const steadyNames = new Set([...totalNames, ...steady.split(/\s+/)]);
const fickleNames = new Set(fickle.split(/\s+/));

export type FunctionKind = 'steady' | 'fickle' | 'unknown';

export function functionKind(words: readonly string[]): FunctionKind {
  const name = ownName(words);
  if (name === null) return 'unknown';
  if (steadyNames.has(name)) return 'steady';
  return fickleNames.has(name) ? 'fickle' : 'unknown';
}

export function isTotalFunction(words: readonly string[]): boolean {
  const name = ownName(words);
  return name !== null && totalNames.has(name);
}

/** Of PostgreSQL's catalogue, or without a schema, where that catalogue is looked through first. */
function ownName(words: readonly string[]): string | null {
  const [name = '', schema = 'pg_catalog'] = words.toReversed();
  return schema === 'pg_catalog' && words.length <= 2 ? name : null;
}

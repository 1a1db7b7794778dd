DELETE FROM orders WHERE state = 'sent';

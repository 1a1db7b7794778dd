-- surefoot: expand because no release reads notes of such old orders
UPDATE orders SET note = 'none' WHERE id BETWEEN 1 AND 100;

CREATE SEQUENCE invoice_number_2;

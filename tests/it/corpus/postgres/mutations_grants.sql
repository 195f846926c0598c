-- ## granted: one right of a table taken back
REVOKE INSERT ON product FROM pg_monitor;

-- ## granted: one right of a table more
GRANT DELETE ON product TO pg_monitor;

-- ## granted: a right on a column taken back
REVOKE UPDATE (cost) ON product FROM pg_read_all_data;

-- ## granted: a right on every column in place of two
REVOKE UPDATE (price, cost) ON product FROM pg_read_all_data;
GRANT UPDATE ON product TO pg_read_all_data;

-- ## granted: everyone's right taken back
REVOKE SELECT ON region FROM PUBLIC;

-- ## granted: the grant option of a view taken back
REVOKE GRANT OPTION FOR SELECT ON customer_spend FROM pg_monitor;

-- ## granted: the grant option of a table given
GRANT SELECT ON product TO pg_monitor WITH GRANT OPTION;

-- ## granted: a sequence's right taken back
REVOKE USAGE ON SEQUENCE order_number_seq FROM pg_monitor;

-- ## granted: a function's right given to everyone again
GRANT EXECUTE ON FUNCTION cheap_products(numeric) TO PUBLIC;

-- ## granted: a function's right taken back
REVOKE EXECUTE ON FUNCTION cheap_products(numeric) FROM pg_monitor;

-- ## granted: another role in place of the first
REVOKE USAGE ON SEQUENCE order_number_seq FROM pg_monitor;
GRANT USAGE ON SEQUENCE order_number_seq TO pg_read_all_data;

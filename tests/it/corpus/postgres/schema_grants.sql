-- Grants of the shop, issued after schema.sql.
GRANT SELECT, INSERT ON product TO pg_monitor;
GRANT UPDATE (price, cost) ON product TO pg_read_all_data;
GRANT SELECT ON region TO PUBLIC;
GRANT SELECT ON customer_spend TO pg_monitor WITH GRANT OPTION;
GRANT USAGE ON SEQUENCE order_number_seq TO pg_monitor;
REVOKE EXECUTE ON FUNCTION cheap_products(numeric) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cheap_products(numeric) TO pg_monitor;

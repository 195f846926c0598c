-- Check data volumes
SELECT 
    'products' as table_name, COUNT(*) as record_count FROM products
UNION ALL
SELECT 'stores', COUNT(*) FROM stores
UNION ALL  
SELECT 'users', COUNT(*) FROM users
UNION ALL
SELECT 'inventory', COUNT(*) FROM inventory
UNION ALL
SELECT 'orders', COUNT(*) FROM orders;

-- Inventory status by region
SELECT 
    s.region,
    COUNT(*) as total_items,
    AVG(i.quantity_cases) as avg_stock,
    COUNT(*) FILTER (WHERE i.quantity_cases <= 50) as low_stock_count
FROM inventory i
JOIN stores s ON i.store_id = s.store_id
GROUP BY s.region;

-- Order status distribution
SELECT order_status, COUNT(*), ROUND(COUNT(*) * 100.0 / SUM(COUNT(*)) OVER(), 2) as percentage
FROM orders 
GROUP BY order_status 
ORDER BY COUNT(*) DESC;

-- Top performing products by order volume
SELECT 
    p.product_name,
    p.brand,
    p.category,
    COUNT(o.order_id) as total_orders,
    SUM(o.quantity_cases) as total_cases_ordered,
    SUM(o.quantity_cases * p.unit_price) as total_value
FROM orders o
JOIN products p ON o.product_id = p.product_id
WHERE o.order_status = 'fulfilled'
GROUP BY p.product_id, p.product_name, p.brand, p.category
ORDER BY total_cases_ordered DESC
LIMIT 10;

-- Store performance by region
SELECT 
    s.region,
    s.store_name,
    COUNT(o.order_id) as orders_placed,
    SUM(CASE WHEN o.order_status = 'fulfilled' THEN 1 ELSE 0 END) as fulfilled_orders,
    AVG(i.quantity_cases) as avg_inventory_level
FROM stores s
LEFT JOIN orders o ON s.store_id = o.to_store_id
LEFT JOIN inventory i ON s.store_id = i.store_id
WHERE s.store_type != 'Warehouse'
GROUP BY s.store_id, s.region, s.store_name
ORDER BY orders_placed DESC;

REFRESH MATERIALIZED VIEW analytics.inventory_summary;
REFRESH MATERIALIZED VIEW analytics.order_trends;
REFRESH MATERIALIZED VIEW analytics.low_stock_alerts;

namespace DbProxy.SampleApp.Data;

/// <summary>The tables and what is on the shelves. Every statement may run again, also at the same time on another server.</summary>
internal static class ShopSchema
{
    public static readonly string[] Statements =
    [
        """
        CREATE TABLE IF NOT EXISTS shop_products (
          id INT PRIMARY KEY, name VARCHAR(60) NOT NULL, description VARCHAR(200) NOT NULL,
          price DECIMAL(8,2) NOT NULL, sold BIGINT NOT NULL DEFAULT 0) CHARACTER SET utf8mb4
        """,
        """
        CREATE TABLE IF NOT EXISTS shop_orders (
          id BIGINT AUTO_INCREMENT PRIMARY KEY, customer VARCHAR(60) NOT NULL, product INT NOT NULL,
          quantity INT NOT NULL, at DATETIME(3) NOT NULL, written_by VARCHAR(80) NOT NULL) CHARACTER SET utf8mb4
        """,
        """
        INSERT IGNORE INTO shop_products (id, name, description, price) VALUES
          (1, 'Espresso', 'Short, strong, with a proper crema', 2.20),
          (2, 'Flat white', 'Two shots under a thin layer of milk', 3.60),
          (3, 'Filter coffee', 'A large cup of today''s single origin', 2.90),
          (4, 'Tea of the house', 'Darjeeling, second flush, three minutes', 2.70),
          (5, 'Cinnamon roll', 'Still warm until eleven', 3.10),
          (6, 'Apple cake', 'A slice, with or without cream', 3.90)
        """,
    ];
}

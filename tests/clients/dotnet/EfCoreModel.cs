using Microsoft.EntityFrameworkCore;

internal sealed class Author
{
    public int Id { get; set; }

    public string Name { get; set; } = "";

    public List<Book> Books { get; set; } = [];
}

internal sealed class Book
{
    public long Id { get; set; }

    public string Title { get; set; } = "";

    public decimal Price { get; set; }

    public DateTime Printed { get; set; }

    public TimeSpan Read { get; set; }

    public Guid Code { get; set; }

    public byte[]? Cover { get; set; }

    public double? Weight { get; set; }

    public bool Sold { get; set; }

    public int AuthorId { get; set; }

    public Author? Author { get; set; }
}

/// <summary>Two tables made by Entity Framework itself, and one that was there.</summary>
internal sealed class Library(string connectionString) : DbContext
{
    public DbSet<Author> Authors => Set<Author>();

    public DbSet<Book> Books => Set<Book>();

    protected override void OnConfiguring(DbContextOptionsBuilder options) =>
        options.UseMySql(connectionString, Contract.MySql ? new MySqlServerVersion(new Version(9, 7, 0)) : new MariaDbServerVersion(new Version(10, 11, 0)));

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<Author>().HasIndex(a => a.Name).IsUnique();
        model.Entity<Author>().Property(a => a.Name).HasMaxLength(100);
        model.Entity<Book>().Property(b => b.Price).HasPrecision(20, 6);
    }
}

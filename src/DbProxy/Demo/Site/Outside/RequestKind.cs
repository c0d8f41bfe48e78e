namespace DbProxy.Demo.Site.Outside;

/// <summary>What the client outside asks for, in turn.</summary>
internal enum RequestKind
{
    /// <summary>The products: a read.</summary>
    Products,

    /// <summary>An order: a transaction, then a read that must show it.</summary>
    Order,

    /// <summary>The latest orders: a read that may lag.</summary>
    Orders,

    /// <summary>A file that the web server has itself.</summary>
    File,
}

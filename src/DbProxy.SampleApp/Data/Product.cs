namespace DbProxy.SampleApp.Data;

/// <summary>Something to buy.</summary>
internal sealed record Product(int Id, string Name, string Description, decimal Price, long Sold);

namespace DbProxy.SampleApp.Data;

/// <summary>An order: at in UTC by the database's clock, written by the server of that host name/server id.</summary>
internal sealed record Order(long Id, string Customer, string Product, int Quantity, DateTime At, string WrittenBy);

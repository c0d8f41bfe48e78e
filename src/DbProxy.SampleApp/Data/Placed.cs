namespace DbProxy.SampleApp.Data;

/// <summary>An order that was taken, and the latest orders as the same session read them behind it.</summary>
internal sealed record Placed(long Id, Answered<List<Order>> Orders)
{
    /// <summary>The order as it was read; null when so many came at the same time that the list doesn't reach back to it.</summary>
    public Order? Order => Orders.Value.Find(o => o.Id == Id);
}

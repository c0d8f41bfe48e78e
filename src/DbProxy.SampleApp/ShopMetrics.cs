using Prometheus;

namespace DbProxy.SampleApp;

/// <summary>What the shop counts beside its requests.</summary>
internal sealed class ShopMetrics
{
    public Counter Orders { get; } = Metrics.CreateCounter("shop_orders_total", "Orders taken.");

    /// <summary>By MySQL's error code.</summary>
    public Counter DatabaseErrors { get; } = Metrics.CreateCounter("shop_database_errors_total", "Requests that failed in the database.", "code");

    /// <summary>By the server that answered, as it names itself.</summary>
    public Counter DatabaseAnswers { get; } = Metrics.CreateCounter("shop_database_answers_total", "Answers of a database server.", "kind", "server");
}

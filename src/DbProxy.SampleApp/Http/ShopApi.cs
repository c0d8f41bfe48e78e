using DbProxy.SampleApp.Data;

namespace DbProxy.SampleApp.Http;

/// <summary>The API that the page uses. Who answered stands in the headers (<see cref="ServedBy"/>).</summary>
internal static class ShopApi
{
    public static void Map(WebApplication app)
    {
        var api = app.MapGroup("/api").AddEndpointFilter(static (context, next) =>
        {
            context.HttpContext.Response.Headers.CacheControl = "no-store";
            return next(context);
        });
        api.MapGet("/products", static async (ShopDatabase database, ShopMetrics metrics, HttpContext http) =>
            Read(http, metrics, await database.ProductsAsync(http.RequestAborted)));
        api.MapGet("/orders", static async (ShopDatabase database, ShopMetrics metrics, HttpContext http) =>
            Read(http, metrics, await database.OrdersAsync(http.RequestAborted)));
        api.MapPost("/orders", PlaceAsync);
        api.MapGet("/whoami", WhoAmI.AnswerAsync);
    }

    /// <summary>The answer holds the list of orders, as it was read behind the write in the same session.</summary>
    private static async Task<IResult> PlaceAsync(NewOrder order, ShopDatabase database, ShopMetrics metrics, HttpContext http)
    {
        if (order.Mistake is { } mistake)
            return Results.Problem(mistake, statusCode: StatusCodes.Status400BadRequest, title: "This order can't be taken");
        if (await database.PlaceAsync(order, http.RequestAborted) is not { } placed)
            return Results.Problem($"There is no product {order.ProductId}", statusCode: StatusCodes.Status404NotFound, title: "This order can't be taken");
        metrics.Orders.Inc();
        Count(http, metrics, ServedBy.DatabaseWrite, "write", placed.Order?.WrittenBy);
        Count(http, metrics, ServedBy.DatabaseRead, "read", placed.Orders.By);
        return Results.Json(new { placed.Id, Orders = placed.Orders.Value }, statusCode: StatusCodes.Status201Created);
    }

    private static IResult Read<T>(HttpContext http, ShopMetrics metrics, Answered<T> answer)
    {
        Count(http, metrics, ServedBy.DatabaseRead, "read", answer.By);
        return Results.Json(answer.Value);
    }

    private static void Count(HttpContext http, ShopMetrics metrics, string header, string kind, string? server)
    {
        if (server is null)
            return;
        http.Response.Headers[header] = server;
        metrics.DatabaseAnswers.WithLabels(kind, server).Inc();
    }
}

namespace DbProxy.SampleApp.Http;

/// <summary>While it drains, every answer asks the peer to come no more on this connection.</summary>
internal sealed class DrainingConnections(RequestDelegate next, Readiness readiness)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (readiness.IsDraining && HttpProtocol.IsHttp11(http.Request.Protocol))
            http.Response.Headers.Connection = "close";
        return next(http);
    }
}

namespace DbProxy.Admin.Access;

/// <summary>Marks an endpoint that never asks for a password: what orchestrators and Prometheus read.</summary>
internal sealed class OpenToAll
{
    public static readonly OpenToAll Mark = new();

    /// <summary>Whether a request goes to such an endpoint.</summary>
    public static bool Is(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<OpenToAll>() is not null;
}

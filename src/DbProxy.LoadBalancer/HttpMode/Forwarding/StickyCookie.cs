using System.Globalization;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Balancing;
using DbProxy.LoadBalancer.HttpMode.Requests;
using DbProxy.LoadBalancer.HttpMode.Settings;
using DbProxy.LoadBalancer.Servers;
using Microsoft.AspNetCore.Http;

namespace DbProxy.LoadBalancer.HttpMode.Forwarding;

/// <summary>Keeps a client at its server by a cookie. When that server can't work another takes over, and the cookie follows.</summary>
internal static class StickyCookie
{
    /// <summary>The name of the server that the cookie stands for; null: there is none, or none like it.</summary>
    public static string? ServerOf(CookieConfig? cookie, Backend backend, HttpRequest request)
    {
        if (cookie is null || request.Cookies[cookie.Name] is not { } value)
            return null;
        foreach (var server in backend.Servers)
            if (ValueOf(cookie, server) == value)
                return server.Name;
        return null;
    }

    /// <summary>Gives the client a cookie for the server that it got, where it has none or another one.</summary>
    public static void Insert(CookieConfig? cookie, Exchange exchange)
    {
        if (cookie is null || exchange.Server is not { } server)
            return;
        var value = ValueOf(cookie, server);
        if (exchange.Http.Request.Cookies[cookie.Name] == value)
            return;
        var response = exchange.Http.Response;
        response.Cookies.Append(cookie.Name, value, new()
        {
            HttpOnly = cookie.HttpOnly,
            Secure = cookie.Secure ?? exchange.Scheme == "https",
            SameSite = cookie.SameSite,
            Path = cookie.Path,
            Domain = cookie.Domain,
        });
        // A shared cache must not hand one client's server to others.
        if (response.Headers.CacheControl.Count == 0)
            response.Headers.CacheControl = "private";
    }

    private static string ValueOf(CookieConfig cookie, Server server) =>
        cookie.Hashed ? StableHash.Of(server.Name).ToString("x8", CultureInfo.InvariantCulture) : server.Name;
}

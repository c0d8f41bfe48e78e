using System.Net;
using DbProxy.Core.Configuration;

namespace DbProxy.Admin.Access;

/// <summary>Who may do what: reads are open unless configured otherwise, actions need the password.</summary>
internal sealed class AdminAccess(ConfigStore config, ILogger logger) : IDisposable
{
    private static readonly Problem SwitchedOff = new(StatusCodes.Status403Forbidden, "Actions are switched off",
        "No password is configured. Set Admin.PasswordFile or the environment variable DBPROXY_ADMIN_PASSWORD, and start the proxy again.");

    private static readonly Problem WrongPassword = new(StatusCodes.Status401Unauthorized, "Wrong password",
        "Send the password of Admin.Password as a bearer token, or with the name of Admin.User by HTTP Basic.");

    private static readonly Problem NoPassword = WrongPassword with { Title = "Password needed" };

    private static readonly Problem TooMany = new(StatusCodes.Status429TooManyRequests, "Too many wrong passwords",
        $"This address sent {FailedAttempts.Limit} wrong passwords within a minute; wait for a minute.");

    private readonly FailedAttempts _attempts = new();

    public async Task AdmitAsync(HttpContext http, RequestDelegate next)
    {
        var isAction = !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method);
        if (OpenToAll.Is(http))
            await next(http);
        else if (Refusal(http, isAction) is { } problem)
            await RefuseAsync(http, problem);
        else if (isAction)
            await ActAsync(http, next);
        else
            await next(http);
    }

    public void Dispose() => _attempts.Dispose();

    private Problem? Refusal(HttpContext http, bool isAction)
    {
        var admin = config.Current.Admin;
        if (admin.Password is null)
            return isAction ? SwitchedOff : null;
        if (isAction && CrossSite.Refusal(http.Request) is { } forged)
            return forged;
        if (http.Request.Headers.Authorization.Count > 0)
            return Check(http, admin);
        return isAction || admin.ReadsNeedPassword ? NoPassword : null;
    }

    /// <summary>Reads are refused too with a wrong password: who shows one wants to know whether it is right.</summary>
    private Problem? Check(HttpContext http, AdminConfig admin)
    {
        var source = SourceOf(http);
        if (!_attempts.MayTry(source))
            return TooMany;
        if (Credentials.Of(http.Request.Headers.Authorization) is { } given && given.Match(admin))
        {
            http.Features.Set(new LoggedIn(given.User ?? "token"));
            return null;
        }
        _attempts.Note(source);
        AdminLog.WrongPassword(logger, source, http.Request.Method, http.Request.Path);
        return WrongPassword;
    }

    private static Task RefuseAsync(HttpContext http, Problem problem)
    {
        if (problem.Status == StatusCodes.Status401Unauthorized)
            // The page has a form of its own; on Basic a browser would open its own over it.
            http.Response.Headers.WWWAuthenticate = http.Request.Headers.ContainsKey(CrossSite.Header)
                ? "Bearer" : "Basic realm=\"dbproxy\", charset=\"UTF-8\"";
        else if (problem.Status == StatusCodes.Status429TooManyRequests)
            http.Response.Headers.RetryAfter = $"{FailedAttempts.Window.TotalSeconds:0}";
        return problem.ExecuteAsync(http);
    }

    private async Task ActAsync(HttpContext http, RequestDelegate next)
    {
        await next(http);
        AdminLog.Action(logger, http.Features.Get<LoggedIn>()!.User, SourceOf(http), http.Request.Method, http.Request.Path, http.Response.StatusCode);
    }

    private static IPAddress SourceOf(HttpContext http) => http.Connection.RemoteIpAddress ?? IPAddress.None;
}

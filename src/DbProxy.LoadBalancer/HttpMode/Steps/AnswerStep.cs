using System.Globalization;
using System.Text;
using DbProxy.LoadBalancer.HttpMode.Requests;
using DbProxy.LoadBalancer.HttpMode.Settings;

namespace DbProxy.LoadBalancer.HttpMode.Steps;

/// <summary>Answers without a server: redirects to https and elsewhere, fixed responses.</summary>
internal sealed class AnswerStep(HttpConfig config)
{
    private readonly (AnswerRule Rule, byte[] Body)[] _answers = [.. config.Answers.Select(a => (a, Encoding.UTF8.GetBytes(a.Body)))];

    public async ValueTask<bool> AnswersAsync(Exchange exchange)
    {
        if (config.HttpsRedirectPort is { } port && exchange.Host is { } host && exchange.Scheme != "https")
        {
            var authority = port == 443 ? Bracketed(host) : $"{Bracketed(host)}:{port}";
            // 308 keeps the method and the body; 301 turns a POST into a GET.
            Redirect(exchange, "https redirect", 308, $"https://{authority}{PathOf(exchange)}{exchange.Http.Request.QueryString}");
            return true;
        }
        foreach (var (rule, body) in _answers)
        {
            if (!rule.Match.Holds(exchange))
                continue;
            await AnswerAsync(exchange, rule, body);
            return true;
        }
        return false;
    }

    private static async ValueTask AnswerAsync(Exchange exchange, AnswerRule rule, byte[] body)
    {
        if (rule.Location is { } location)
        {
            Redirect(exchange, rule.Name, rule.Status, Fill(location, exchange));
            return;
        }
        (exchange.Rule, exchange.End) = (rule.Name, EndState.Answered);
        exchange.Http.Response.StatusCode = rule.Status;
        if (rule.RetryAfter > TimeSpan.Zero)
            exchange.Http.Response.Headers.RetryAfter = Math.Ceiling(rule.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        await ErrorAnswers.WriteAsync(exchange.Http, body, rule.ContentType);
    }

    private static void Redirect(Exchange exchange, string rule, int status, string location)
    {
        (exchange.Rule, exchange.End) = (rule, EndState.Answered);
        exchange.Http.Response.StatusCode = status;
        exchange.Http.Response.Headers.Location = location;
    }

    private static string Fill(string location, Exchange exchange) => location
        .Replace("{scheme}", exchange.Scheme, StringComparison.Ordinal)
        .Replace("{host}", Bracketed(exchange.Host ?? ""), StringComparison.Ordinal)
        .Replace("{path}", PathOf(exchange), StringComparison.Ordinal)
        .Replace("{query}", exchange.Http.Request.QueryString.Value, StringComparison.Ordinal);

    private static string PathOf(Exchange exchange) => exchange.Http.Request.Path.ToUriComponent();

    private static string Bracketed(string host) => host.Contains(':', StringComparison.Ordinal) && host[0] != '[' ? $"[{host}]" : host;
}

using DbProxy.Protocol;
using DbProxy.Protocol.Responses;
using Xunit;

namespace DbProxy.Tests.Protocol.Responses;

/// <summary>What a summary must say of a response that a server sent.</summary>
internal static class SummaryCheck
{
    public static void Verify(Response response, Side server, ResponseSummary summary)
    {
        Ending[] endings = [.. response.Results.Select(r => Seen(r, server)).OfType<Ending>()];
        Result last = response.Results[^1];
        Assert.Equal(last is ErrResult e ? e.Code : last is RowsResult { Ending: null } ? 1317 : 0, summary.ErrorCode);
        Assert.Equal(response.Results.Any(r => r is RowsResult { Columns.Length: > 0 }), summary.HasRows);
        Assert.Equal(endings.Length > 0, summary.HasStatus);
        if (endings.Length > 0)
        {
            const ServerStatus Dynamic = ServerStatus.MoreResultsExist | ServerStatus.SessionStateChanged;
            Assert.Equal(endings[^1].Status, summary.Status & ~Dynamic);
            Assert.Equal(endings[^1].Warnings, summary.Warnings);
        }

        Assert.Equal(endings.Select(x => x.LastInsertId).LastOrDefault(id => id != 0), summary.LastInsertId);
        byte[] state = server.SessionTrack ? ResponseEncoder.Encode(endings.SelectMany(x => x.State)) : [];
        Assert.Equal(state, summary.SessionState.ToArray());
        if (last is Prepared prepared)
        {
            Assert.Equal(prepared.Id, summary.StatementId);
            Assert.Equal(prepared.Parameters.Length, summary.Parameters);
        }
    }

    /// <summary>What the proxy can know of how a result ended.</summary>
    private static Ending? Seen(Result result, Side server)
    {
        (Ending? ending, bool isOk) = result switch
        {
            OkResult ok => (ok.Ending, true),
            EofResult eof => (eof.Ending, server.DeprecateEof),
            RowsResult rows => (rows.Ending, server.DeprecateEof),
            _ => (null, false),
        };
        return ending is null || isOk ? ending : new(0, 0, ending.Status, ending.Warnings, [], []);
    }
}

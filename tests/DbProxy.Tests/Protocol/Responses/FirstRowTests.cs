using DbProxy.Protocol;
using DbProxy.Protocol.Responses;
using Xunit;

namespace DbProxy.Tests.Protocol.Responses;

public sealed class FirstRowTests
{
    private static readonly Ending End = new(0, 0, ServerStatus.AutoCommit, 0, [], []);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Is_kept_whole_at_every_split(bool deprecateEof)
    {
        var response = new Response(ResponseShape.Results, [new RowsResult([[9]], [[3, 1, 2, 3], [1, 7]], 0, 0, End)]);
        byte[] sent = ResponseEncoder.AsSent(response, new(deprecateEof, true));
        for (int split = 1; split < sent.Length; split++)
        {
            var tracker = new ResponseTracker();
            tracker.Begin(ResponseShape.Results, ResponseTranslation.None(deprecateEof, true), keepFirstRow: true);
            int first = split;
            var harness = new ScanHarness(tracker, 20);
            Assert.Equal(ScanResult.Complete, harness.Run(sent, () => first));
            Assert.Equal([3, 1, 2, 3], tracker.Summary.FirstRow.ToArray());
            Assert.Equal(sent, harness.Output);
        }
    }

    [Fact]
    public void Of_the_response_before_is_forgotten()
    {
        var tracker = new ResponseTracker();
        var rows = new Response(ResponseShape.Results, [new RowsResult([[9]], [[1, 7]], 0, 0, End)]);
        var none = new Response(ResponseShape.Results, [new RowsResult([[9]], [], 0, 0, End)]);
        foreach (Response response in (Response[])[rows, none])
        {
            tracker.Begin(ResponseShape.Results, ResponseTranslation.None(true, true), keepFirstRow: true);
            new ScanHarness(tracker).Run(ResponseEncoder.AsSent(response, new(true, true)), () => 100);
        }

        Assert.True(tracker.Summary.FirstRow.IsEmpty);
    }
}

using CsCheck;
using DbProxy.Core.Gtids;
using Xunit;

namespace DbProxy.Tests.Gtids;

/// <summary>Against a model: a set of (source, number) pairs.</summary>
public sealed class GtidSetTests
{
    private static readonly string[] _sources =
    [
        "3e11fa47-71ca-11e1-9e33-c80aa9429562", "4e11fa47-71ca-11e1-9e33-c80aa9429562",
        "3e11fa47-71ca-11e1-9e33-c80aa9429562:tag",
    ];

    private static readonly Gen<(int Source, int Low, int High)> _interval =
        Gen.Select(Gen.Int[0, 2], Gen.Int[1, 40], Gen.Int[0, 8], (source, low, length) => (source, low, low + length));

    private static readonly Gen<(int Source, int Low, int High)[]> _intervals = _interval.Array[0, 12];

    [Fact]
    public void Contains_what_its_model_contains() =>
        Gen.Select(_intervals, _interval).Sample((content, asked) =>
            Assert.Equal(Model([asked]).IsSubsetOf(Model(content)), Set(content).Contains(Token([asked]))));

    [Fact]
    public void A_merged_token_is_contained_only_where_both_are() =>
        Gen.Select(_intervals, _interval, _interval).Sample((content, first, second) =>
        {
            var set = Set(content);
            var merged = Token([first]).Merge(Token([second]), olderAppliedEverywhere: false);
            if (set.Contains(merged))
                Assert.True(set.Contains(Token([first])) && set.Contains(Token([second])));
        });

    [Fact]
    public void Except_leaves_what_only_the_later_set_has() =>
        Gen.Select(_intervals, _intervals).Sample((later, earlier) =>
        {
            var expected = Model(later);
            expected.ExceptWith(Model(earlier));
            var left = Set(later).Except(Set(earlier));
            Assert.Equal(expected.Count == 0, left.IsEmpty);
            Assert.True(Set(later).Contains(left));
            foreach (var (source, number) in Model(later))
                Assert.Equal(expected.Contains((source, number)), left.Contains(Token([(source, number, number)])));
        });

    [Fact]
    public void Reads_back_what_it_writes() =>
        _intervals.Sample(content =>
        {
            var set = Set(content);
            Assert.Equal(set.ToString(), GtidSet.Parse(set.ToString())!.ToString());
        });

    [Theory]
    [InlineData("0-1-10,1-3-5", "0-9-10", true)]
    [InlineData("0-1-10,1-3-5", "0-1-11", false)]
    [InlineData("0-1-10,1-3-5", "0-1-9,1-1-5", true)]
    [InlineData("0-1-10", "1-1-1", false)]
    [InlineData("", "0-1-1", false)]
    public void A_mariadb_position_includes_all_before_it_in_its_domain(string position, string token, bool contained) =>
        Assert.Equal(contained, GtidSet.Parse(position)!.Contains(GtidTokenTests.Token(token)));

    [Fact]
    public void Mariadb_positions_subtract_by_domain()
    {
        var added = GtidSet.Parse("0-1-12,1-1-5,2-1-1")!.Except(GtidSet.Parse("0-1-10,1-1-5")!);
        Assert.Equal("0-1-12,2-1-1", added.ToString());
    }

    [Fact]
    public void Reads_tags_and_line_breaks_as_the_server_writes_them()
    {
        var set = GtidSet.Parse($"{_sources[0]}:1-3:5:tag:1-5:8,\n{_sources[1]}:7")!;
        Assert.True(set.Contains(GtidTokenTests.Token($"{_sources[0]}:tag:8")));
        Assert.False(set.Contains(GtidTokenTests.Token($"{_sources[0]}:8")));
        Assert.False(set.Contains(GtidTokenTests.Token($"{_sources[0]}:3-5")));
        Assert.True(set.Contains(GtidTokenTests.Token($"{_sources[1]}:7")));
        Assert.Null(GtidSet.Parse("what?"));
        Assert.True(GtidSet.Parse("")!.IsEmpty);
    }

    private static string Text((int Source, int Low, int High)[] intervals) =>
        string.Join(",", intervals.Select(i => $"{_sources[i.Source]}:{i.Low}-{i.High}"));

    private static GtidSet Set((int, int, int)[] intervals) => GtidSet.Parse(Text(intervals))!;

    private static GtidToken Token((int, int, int)[] intervals) => GtidTokenTests.Token(Text(intervals));

    private static HashSet<(int, int)> Model((int Source, int Low, int High)[] intervals) =>
        [.. intervals.SelectMany(i => Enumerable.Range(i.Low, i.High - i.Low + 1).Select(n => (i.Source, n)))];
}

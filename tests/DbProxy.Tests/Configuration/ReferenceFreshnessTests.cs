using System.Text.Json.Nodes;
using DbProxy.Core.Configuration;
using DbProxy.Core.Configuration.Reference;
using Xunit;

namespace DbProxy.Tests.Configuration;

/// <summary>What is committed is what the options classes say. To mend: dotnet run --project src/DbProxy -- schema --write .</summary>
public sealed class ReferenceFreshnessTests
{
    private static readonly string _root = FindRoot();

    [Fact]
    public void The_schema_is_fresh() =>
        Assert.Equal(SchemaWriter.Write(XmlDocs.Load()), File.ReadAllText(Path.Combine(_root, "config", "dbproxy.schema.json")));

    [Fact]
    public void The_reference_is_fresh()
    {
        var page = File.ReadAllText(Path.Combine(_root, "docs", "configuration.md"));
        Assert.Equal(MarkdownWriter.Refresh(page, XmlDocs.Load()), page);
    }

    [Fact]
    public void The_schema_tells_an_unknown_key_a_range_and_a_choice()
    {
        var schema = JsonNode.Parse(SchemaWriter.Write(XmlDocs.Load()))!;
        Assert.False(schema["additionalProperties"]!.GetValue<bool>());
        Assert.Equal(1000, schema["properties"]!["Servers"]!["items"]!["properties"]!["Weight"]!["maximum"]!.GetValue<int>());
        var routing = schema["properties"]!["Routing"]!["properties"]!;
        Assert.Equal(["roundrobin", "leastconn"], routing["Balance"]!["enum"]!.AsArray().Select(n => n!.GetValue<string>()));
        Assert.Equal("10s", routing["MaxLag"]!["default"]!.GetValue<string>());
    }

    [Fact]
    public void Every_key_of_every_default_is_within_its_own_range()
    {
        var options = new ProxyOptions { Servers = [new() { Address = "a:1" }], Monitor = new() { User = "m", Password = "" } };
        Assert.NotNull(ProxyConfig.From(options));
    }

    internal static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "DbProxy.sln"))) return at.FullName;
        throw new InvalidOperationException("the source tree is not above the tests");
    }
}

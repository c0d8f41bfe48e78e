using DbProxy.Tests.Configuration;
using Xunit;

namespace DbProxy.Tests.Stack;

/// <summary>The stack's configuration files are what this version of the program understands.</summary>
public sealed class StackConfigTests : IDisposable
{
    private readonly ConfigText _text = new();

    public void Dispose() => _text.Dispose();

    [Theory]
    [InlineData("front/front.json")]
    [InlineData("front/database.json")]
    [InlineData("proxy/proxy.json")]
    [InlineData("../deploy/kubernetes/dbproxy.json")]
    [InlineData("../deploy/systemd/dbproxy.json")]
    public void Files_have_no_mistake_but_secrets_that_are_not_made_yet(string file)
    {
        string[] secrets = ["/run/secrets/", "/run/credentials/"];
        Assert.DoesNotContain(_text.Mistakes(StackFiles.Read("config", file)), mistake => !secrets.Any(mistake.Contains));
    }
}

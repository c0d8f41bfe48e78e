using Xunit;

namespace DbProxy.Tests.Configuration;

/// <summary>The operators' listener: where its password may come from, and what it may not be.</summary>
public sealed class AdminTests : IDisposable
{
    private readonly ConfigText _text = new();

    public void Dispose() => _text.Dispose();

    [Fact]
    public void The_password_comes_from_the_file_a_file_s_name_or_the_environment()
    {
        Assert.Null(_text.Load(ConfigText.Minimal).RequireConfig().Admin.Password);
        var file = _text.File("secret", "from file\n");
        var named = ConfigText.With($"\"Admin\": {{ \"PasswordFile\": \"{file}\" }}");
        Assert.Equal("from file", _text.Load(named).RequireConfig().Admin.Password!.Reveal());
        Assert.Equal("from environment",
            _text.Load(named, new() { ["DBPROXY_ADMIN_PASSWORD"] = "from environment" }).RequireConfig().Admin.Password!.Reveal());
        Assert.Equal("written", _text.Load(ConfigText.With("\"Admin\": { \"Password\": \"written\" }")).RequireConfig().Admin.Password!.Reveal());
    }

    [Theory]
    [InlineData("\"Password\": \"\"", "file.json(2,26) Admin.Password: the password is empty; write one, or leave it out to have no actions")]
    [InlineData("\"Password\": \"a\", \"PasswordFile\": \"b\"", "file.json(2,47) Admin.PasswordFile: Password is given too (DBPROXY_ADMIN_PASSWORD counts as Password); keep one of them")]
    [InlineData("\"PasswordFile\": \"/nowhere\"", "file.json(2,30) Admin.PasswordFile: there is no file /nowhere")]
    [InlineData("\"User\": \"a:b\"", "file.json(2,22) Admin.User: the name must not be empty nor contain a colon")]
    [InlineData("\"ReadsNeedPassword\": true", "file.json(2,35) Admin.ReadsNeedPassword: there is no password; set Admin.PasswordFile or the environment variable DBPROXY_ADMIN_PASSWORD")]
    [InlineData("\"Listen\": \"host:1\"", "file.json(2,24) Admin.Listen: \"host\" is not an address of this machine; write an IP address, or :1 for all")]
    public void Mistakes_are_named(string admin, string expected) =>
        Assert.Equal([expected], _text.Mistakes(ConfigText.With($"\"Admin\": {{ {admin} }}")));

    [Fact]
    public void A_changed_certificate_file_is_a_change_and_the_same_configuration_is_none()
    {
        var tls = ConfigText.With("\"Admin\": { \"Tls\": { \"Enabled\": true } }");
        var (a, b) = (_text.Load(tls).RequireConfig().Admin, _text.Load(tls).RequireConfig().Admin);
        Assert.True(a.IsSame(b));
        Assert.False(a.IsSame(_text.Load(ConfigText.With("\"Admin\": { \"Tls\": { \"Enabled\": true, \"MinVersion\": \"1.3\" } }")).RequireConfig().Admin));
    }
}

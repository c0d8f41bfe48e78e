using DbProxy.Protocol.Auth;
using DbProxy.Protocol.Login;
using Xunit;

namespace DbProxy.Tests.Protocol.Login;

/// <summary>Every combination of client and knowledge: the right password is admitted, any other one is not.</summary>
public sealed class ClientLoginMatrixTests
{
    public static IEnumerable<TheoryDataRow<bool, string, bool, string, string, string, bool>> Combinations() =>
        from tls in new[] { false, true }
        from plugin in new[] { AuthPlugins.CachingSha2, AuthPlugins.NativePassword, AuthPlugins.Sha256, AuthPlugins.ClearPassword, AuthPlugins.Ed25519 }
        from hides in plugin == AuthPlugins.CachingSha2 ? new[] { false } : [false, true]
        from stored in new[] { "unknown", "right", "stale", "empty" }
        from right in new[] { "p\u00e4ssword", "" }
        from sent in new[] { "right", "wrong", "empty" }
        from changeUser in new[] { false, true }
        select new TheoryDataRow<bool, string, bool, string, string, string, bool>(
            tls, plugin, hides, stored, right, sent, changeUser);

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Only_the_right_password_is_admitted(
        bool tls, string plugin, bool hides, string stored, string right, string sent, bool changeUser)
    {
        var password = sent switch { "right" => right, "wrong" => "wrong", _ => "" };
        var credential = Credential(stored, right);
        var client = new TestClient(password, plugin, tls) { HidesFirstAnswer = hides };
        var proxy = new TestProxy(right, credential, offersTls: true);
        proxy.Admit(client);
        if (changeUser)
        {
            proxy.Steps.Clear();
            client.Restart();
            proxy.ChangeUser(client, TestClient.Wanted, tls);
        }

        // A credential is trusted while it is stored: dropping an outdated one is the credential store's job.
        var fitsStored = credential is not null && System.Text.Encoding.UTF8.GetString(credential.Password.Span) == password;
        Assert.Equal(password == right || fitsStored, client.Admitted);
        Assert.Equal(fitsStored, proxy.Steps.Contains(LoginStep.Accepted));
        if (client.Admitted == false)
        {
            Assert.Equal(1045, client.Error!.Code);
            Assert.Contains($"'app'@'127.0.0.1' (using password: {(password.Length > 0 ? "YES" : "NO")})", client.Error.Message);
        }
    }

    private static StoredCredential? Credential(string stored, string right) => stored switch
    {
        "right" => new StoredCredential(System.Text.Encoding.UTF8.GetBytes(right)),
        "stale" => new StoredCredential("former"u8),
        "empty" => new StoredCredential([]),
        _ => null,
    };
}

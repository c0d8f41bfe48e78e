using DbProxy.LocalCluster;
using DbProxy.LocalCluster.Binaries;
using Xunit;

namespace DbProxy.Tests.LocalCluster;

public sealed class PackagePlanTests
{
    private const string Keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

    private static readonly AptSource[] _debian =
    [
        new("http://cloud.example/apt", ["cloud-bookworm"], ["main"], null),
        new("http://third.example/repo", ["bookworm"], ["main"], "/k/third.gpg"),
        new("http://mirror.example/debian", ["bookworm", "bookworm-updates"], ["main"], Keyring),
        new("http://mirror.example/debian/", ["bookworm-backports"], ["main"], Keyring),
        new("http://mirror.example/debian-security", ["bookworm-security"], ["main"], Keyring),
    ];

    [Fact]
    public void MySqlComesFromUnstableOnTheHostsOwnMirror()
    {
        var plan = Assert.Single(PackagePlan.For(ServerFlavor.MySql, "debian", "bookworm", _debian, router: false));

        Assert.Equal("http://mirror.example/debian", plan.Uri);
        Assert.Equal("sid", plan.Suite);
        Assert.Equal(Keyring, plan.Keyring);
        Assert.Contains("mysql-server-core", plan.Packages);
        Assert.DoesNotContain("mysql-router", plan.Packages);
    }

    [Fact]
    public void MariaDbComesFromDebian12WithThePluginPackageAlone()
    {
        var plan = Assert.Single(PackagePlan.For(ServerFlavor.MariaDb, "debian", "trixie", _debian, router: true));

        Assert.Equal("bookworm", plan.Suite);
        Assert.Equal(["mariadb-server"], plan.Alone);
    }

    [Fact]
    public void RouterIsAnUnpackedFolderOfItsOwn()
    {
        var with = Assert.Single(PackagePlan.For(ServerFlavor.MySql, "debian", "bookworm", _debian, router: true));
        var without = Assert.Single(PackagePlan.For(ServerFlavor.MySql, "debian", "bookworm", _debian, router: false));

        Assert.Contains("mysql-router", with.Packages);
        Assert.Equal(without.Name + "-router", with.Name);
    }

    [Fact]
    public void NoArchiveMeansNoPlan() =>
        Assert.Empty(PackagePlan.For(ServerFlavor.MySql, "debian", "bookworm", _debian[..2], router: false));

    [Fact]
    public void UbuntuUsesItsOwnRelease()
    {
        AptSource[] sources = [new("http://archive.example/ubuntu", ["noble", "noble-updates"], ["main", "universe"], null)];

        Assert.Equal(
            [("noble", "mysql-server-core-8.4"), ("noble", "mysql-server-core-8.0")],
            PackagePlan.For(ServerFlavor.MySql, "ubuntu", "noble", sources, router: false).Select(p => (p.Suite, p.Packages[0])));
    }
}

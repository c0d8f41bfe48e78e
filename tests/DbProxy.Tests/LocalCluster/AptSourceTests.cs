using DbProxy.LocalCluster.Binaries;
using Xunit;

namespace DbProxy.Tests.LocalCluster;

public sealed class AptSourceTests
{
    [Fact]
    public void ListFormatWithOptionsAndComments()
    {
        var sources = AptSource.ParseList("""
            # deb http://ignored.example/debian sid main
            deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian bookworm main contrib # why
            deb-src http://mirror.example/debian bookworm main
            deb http://other.example/x ./
            """).ToArray();

        Assert.Equal(2, sources.Length);
        Assert.Equal("http://mirror.example/debian", sources[0].Uri);
        Assert.Equal(["bookworm"], sources[0].Suites);
        Assert.Equal(["main", "contrib"], sources[0].Components);
        Assert.Equal("/k.gpg", sources[0].SignedBy);
        Assert.Null(sources[1].SignedBy);
    }

    [Fact]
    public void StanzaFormatWithContinuationsSeveralUrisAndDisabledOnes()
    {
        var sources = AptSource.ParseDeb822("""
            Types: deb deb-src
            # a comment inside
            URIs: http://a.example/debian
             http://b.example/debian
            Suites: bookworm bookworm-updates
            components: main
            Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

            Types: deb
            URIs: http://off.example/debian
            Suites: sid
            Components: main
            Enabled: no

            Types: deb-src
            URIs: http://source.example/debian
            Suites: sid
            Components: main
            """).ToArray();

        Assert.Equal(["http://a.example/debian", "http://b.example/debian"], sources.Select(s => s.Uri));
        Assert.All(sources, s => Assert.Equal(["bookworm", "bookworm-updates"], s.Suites));
        Assert.All(sources, s => Assert.Equal("/usr/share/keyrings/debian-archive-keyring.gpg", s.SignedBy));
    }

    [Fact]
    public void AKeyWrittenIntoTheSourceItselfIsNotTakenForAPath()
    {
        var source = Assert.Single(AptSource.ParseDeb822("""
            Types: deb
            URIs: http://a.example/debian
            Suites: sid
            Components: main
            Signed-By:
             -----BEGIN PGP PUBLIC KEY BLOCK-----
             .
             abc
            """));

        Assert.Null(source.SignedBy);
    }

    [Fact]
    public void HostFoldersAreReadInTheirTwoFormats()
    {
        var folder = Directory.CreateTempSubdirectory("dbproxy-apt-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "sources.list.d"));
            File.WriteAllText(Path.Combine(folder, "sources.list"), "deb http://one.example/debian sid main\n");
            File.WriteAllText(Path.Combine(folder, "sources.list.d", "a.sources"),
                "Types: deb\nURIs: http://two.example/debian\nSuites: sid\nComponents: main\n");
            File.WriteAllText(Path.Combine(folder, "sources.list.d", "b.list"), "deb http://three.example/debian sid main\n");
            File.WriteAllText(Path.Combine(folder, "sources.list.d", "c.list.save"), "deb http://four.example/debian sid main\n");

            Assert.Equal(
                ["http://one.example/debian", "http://two.example/debian", "http://three.example/debian"],
                AptSource.OfHost(folder).Select(s => s.Uri));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

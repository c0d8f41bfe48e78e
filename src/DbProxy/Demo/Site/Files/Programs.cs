using DbProxy.LocalCluster;

namespace DbProxy.Demo.Site.Files;

/// <summary>How programs of this project are started.</summary>
internal static class Programs
{
    private const string SampleApp = "DbProxy.SampleApp";

    /// <summary>This program itself.</summary>
    public static ProgramCommand Self(params string[] arguments) =>
        Dotnet(Path.Combine(AppContext.BaseDirectory, "dbproxy.dll"), arguments);

    /// <summary>The sample application.</summary>
    public static ProgramCommand Sample() => Dotnet(SamplePath());

    /// <summary>The folder that holds the sample application's static files, as a web server's root.</summary>
    public static string SampleWebRoot => Path.Combine(Path.GetDirectoryName(SamplePath())!, "wwwroot");

    private static ProgramCommand Dotnet(string assembly, params string[] arguments) =>
        // Another host's process, such as a test runner's, is no dotnet.
        new(Path.GetFileName(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet", ["exec", assembly, .. arguments]);

    /// <summary>Beside this program, or built from the same sources in the same configuration.</summary>
    private static string SamplePath()
    {
        var target = new DirectoryInfo(AppContext.BaseDirectory);
        IEnumerable<string> places = [Path.Combine(target.FullName, "sample-app"), .. Sources(target)];
        return places.Select(p => Path.Combine(p, SampleApp + ".dll")).FirstOrDefault(File.Exists) ?? throw new SiteException(
            $"The sample application is not built: dotnet build src/{SampleApp}. Looked in: {string.Join(", ", places)}");
    }

    // bin/Configuration/net10.0 is where both were built to.
    private static IEnumerable<string> Sources(DirectoryInfo target)
    {
        for (var folder = target.Parent; folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "DbProxy.sln")))
                yield return Path.Combine(folder.FullName, "src", SampleApp, "bin", target.Parent!.Name, target.Name);
        }
    }
}

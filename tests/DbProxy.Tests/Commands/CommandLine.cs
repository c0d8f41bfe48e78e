using System.CommandLine;
using DbProxy.Commands;
using Microsoft.Extensions.DependencyInjection;

namespace DbProxy.Tests.Commands;

/// <summary>Runs the command line within the test.</summary>
internal static class CommandLine
{
    public static async Task<(int Code, string Output, string Error)> RunAsync(
        Action<IServiceCollection>? register, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await RootCommandFactory.RunAsync(RootCommandFactory.Create((services, _) => register?.Invoke(services)), args,
            new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}

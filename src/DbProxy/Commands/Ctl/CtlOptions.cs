using System.CommandLine;

namespace DbProxy.Commands.Ctl;

/// <summary>Where the proxy is and how to show who one is: the options of every <c>ctl</c> command.</summary>
internal sealed class CtlOptions
{
    public const string AddressVariable = "DBPROXY_ADMIN_ADDRESS";
    public const string PasswordVariable = "DBPROXY_ADMIN_PASSWORD";
    private const string DefaultAddress = "http://127.0.0.1:6070";

    private readonly Option<string?> _address = new("--address", "-a")
    {
        Description = $"Where the proxy's Admin.Listen is, host:port or a URL. Default: {AddressVariable}, else {DefaultAddress}.",
        HelpName = "url", Recursive = true,
    };

    private readonly Option<string?> _passwordFile = new("--password-file")
    {
        Description = $"File with the password of Admin.Password. Default: {PasswordVariable}.", HelpName = "file", Recursive = true,
    };

    private readonly Option<string?> _caFile = new("--ca-file")
    {
        Description = "Authorities that the proxy's certificate may be from, in PEM form. Default: the system's.", HelpName = "file", Recursive = true,
    };

    private readonly Option<bool> _insecure = new("--insecure") { Description = "Take any certificate.", Recursive = true };

    private readonly Option<bool> _json = new("--json") { Description = "Print the proxy's answer as it is, for programs.", Recursive = true };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_address, _passwordFile, _caFile, _insecure, _json])
            command.Options.Add(option);
    }

    public bool WantsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>The proxy that is meant.</summary>
    /// <exception cref="CtlException">The address or a file is not what it should be.</exception>
    public CtlClient Connect(ParseResult parsed)
    {
        var address = parsed.GetValue(_address) ?? Environment.GetEnvironmentVariable(AddressVariable) ?? DefaultAddress;
        if (!Uri.TryCreate(address.Contains("://", StringComparison.Ordinal) ? address : $"http://{address}", UriKind.Absolute, out var url)
            || url.Scheme is not ("http" or "https"))
            throw new CtlException($"\"{address}\" is not an address; write host:port, http://host:port or https://host:port", ExitCode.BadConfiguration);
        return new(url, Password(parsed), parsed.GetValue(_caFile), parsed.GetValue(_insecure));
    }

    private string? Password(ParseResult parsed)
    {
        if (parsed.GetValue(_passwordFile) is not { } file)
            return Environment.GetEnvironmentVariable(PasswordVariable);
        try
        {
            return File.ReadAllText(file).TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CtlException(e.Message, ExitCode.BadConfiguration);
        }
    }
}

namespace DbProxy.SampleApp;

/// <summary>
/// Whether this server wants requests: its tables are there and it is not about to stop. A database that fails later is no
/// reason to say no: every application server would leave at once, and nobody would be left to say what is wrong.
/// </summary>
internal sealed class Readiness
{
    private volatile bool _hasTables;
    private volatile bool _isDraining;

    public bool IsDraining => _isDraining;

    public void TablesAreThere() => _hasTables = true;

    public void Drain() => _isDraining = true;

    public IResult Answer()
    {
        var reason = _isDraining ? "stopping" : _hasTables ? null : "the tables are not there yet";
        return reason is null
            ? Results.Text("ready\n")
            : Results.Text($"not ready: {reason}\n", statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}

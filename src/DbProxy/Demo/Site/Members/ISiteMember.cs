namespace DbProxy.Demo.Site.Members;

/// <summary>One process of the site: what can be done to it. Verbs are for one caller at a time.</summary>
internal interface ISiteMember
{
    /// <summary>Such as web1: the names are the same as in docker-compose.yml.</summary>
    string Name { get; }

    string Tier { get; }

    MemberState State { get; }

    /// <summary>Where it answers, for people: an address or a URL.</summary>
    string Address { get; }

    /// <summary>Its /metrics, if it has any.</summary>
    Uri? Metrics { get; }

    /// <summary>Starts it and waits until it is ready; one that runs is left alone.</summary>
    Task StartAsync(CancellationToken cancel);

    /// <summary>Asks it to end, and waits for it; past a generous limit it is killed.</summary>
    Task StopAsync();

    /// <summary>SIGKILL.</summary>
    Task KillAsync();

    /// <summary>SIGSTOP: it hangs, and its ports still take connections.</summary>
    void Pause();

    /// <summary>SIGCONT.</summary>
    void Resume();
}

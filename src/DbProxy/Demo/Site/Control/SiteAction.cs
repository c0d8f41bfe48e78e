namespace DbProxy.Demo.Site.Control;

/// <summary>What can be done to a member of the site. Scripts get the names in lower case with dashes: stop-replication.</summary>
internal enum SiteAction
{
    /// <summary>Changes nothing: asks for the state.</summary>
    View,

    /// <summary>SIGKILL.</summary>
    Kill,

    /// <summary>Starts what does not run, and waits until it is ready.</summary>
    Start,

    /// <summary>Ends it in order, and starts it again.</summary>
    Restart,

    /// <summary>SIGSTOP.</summary>
    Pause,

    /// <summary>SIGCONT.</summary>
    Resume,

    /// <summary>A replica receives and applies nothing more.</summary>
    StopReplication,

    StartReplication,

    /// <summary>A replica applies everything 10 s late.</summary>
    Delay,

    /// <summary>Ends the delay.</summary>
    Undelay,

    /// <summary>The primary becomes read-only, then this replica the primary.</summary>
    Promote,
}

namespace DbProxy.LoadBalancer.Backends;

/// <summary>Those who wait for a server, in the order in which they came. Its owner's lock protects it.</summary>
internal sealed class LeaseQueue
{
    private readonly LinkedList<Waiter> _waiters = new();
    private volatile int _count;

    /// <summary>Readable without the lock, as a hint.</summary>
    public int Count => _count;

    public int Most { get; private set; }

    public Waiter? First => _waiters.First?.Value;

    public Waiter Add(LeaseRequest request)
    {
        var waiter = new Waiter(request);
        waiter.Node = _waiters.AddLast(waiter);
        _count = _waiters.Count;
        Most = Math.Max(Most, _count);
        return waiter;
    }

    /// <summary>Ends a wait; without effect when it has ended already.</summary>
    public void Complete(Waiter waiter, LeaseResult result)
    {
        if (waiter.Node is not { } node)
            return;
        waiter.Node = null;
        _waiters.Remove(node);
        _count = _waiters.Count;
        waiter.SetResult(result);
    }

    public void ForgetMost() => Most = _count;

    public void Fail(LeaseFailure why)
    {
        while (First is { } waiter)
            Complete(waiter, new(null, why));
    }

    /// <summary>One session's wait. It goes on elsewhere than under the lock that ends it.</summary>
    internal sealed class Waiter(LeaseRequest request)
        : TaskCompletionSource<LeaseResult>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public LeaseRequest Request => request;

        public LinkedListNode<Waiter>? Node { get; set; }
    }
}

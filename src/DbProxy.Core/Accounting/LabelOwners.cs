using Prometheus;

namespace DbProxy.Core.Accounting;

/// <summary>
/// Whose figures stand under which labels. The labels of what is gone are taken away, and so are those of what is another one of
/// the same name now: its counters begin anew, which Prometheus takes for a restart.
/// </summary>
public sealed class LabelOwners
{
    private readonly List<Action<string[]>> _forget = [];
    private Dictionary<string, (object Owner, string[] Labels)> _owners = [];

    /// <summary>More metrics whose first labels are the owners'.</summary>
    public LabelOwners With<TChild>(params IEnumerable<Collector<TChild>> metrics)
        where TChild : ChildBase
    {
        _forget.AddRange(metrics.Select(Forgetting));
        return this;
    }

    /// <summary>What else to do when labels are taken away.</summary>
    public LabelOwners With(Action<string[]> forget)
    {
        _forget.Add(forget);
        return this;
    }

    /// <summary>Who is there now. Of two with the same labels the first counts.</summary>
    public void Become(IEnumerable<(object Owner, string[] Labels)> now)
    {
        var next = now.DistinctBy(o => Key(o.Labels)).ToDictionary(o => Key(o.Labels));
        foreach (var (key, (owner, labels)) in _owners)
        {
            if (next.GetValueOrDefault(key).Owner != owner)
            {
                _forget.ForEach(f => f(labels));
            }
        }

        _owners = next;
    }

    private static string Key(string[] labels) => string.Join('\n', labels);

    private static Action<string[]> Forgetting<TChild>(Collector<TChild> metric)
        where TChild : ChildBase => owned =>
        {
            foreach (string[] labels in metric.GetAllLabelValues().Where(l => l.AsSpan().StartsWith(owned)).ToList())
            {
                metric.RemoveLabelled(labels);
            }
        };
}

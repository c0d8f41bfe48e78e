using DbProxy.Demo.Counting;

namespace DbProxy.Demo.Views;

/// <summary>Shows readings while the demo runs.</summary>
internal interface IDemoView : IDisposable
{
    /// <summary>Shows the newest reading; called once a second, never twice at a time.</summary>
    void Show(History history);
}

using System.Buffers;
using System.Text;

namespace DbProxy.Sql;

/// <summary>One run over one text, which puts literals in the place of functions that tell of the connection.</summary>
internal ref struct FunctionRewriter
{
    private readonly ReadOnlySpan<byte> _sql;
    private readonly LexerModes _modes;
    private readonly FunctionValues _values;
    private readonly ArrayBufferWriter<byte> _output;
    private readonly Stack<SelectItem> _outer = new();
    private Lexer _lexer;
    private SelectItem _item = SelectItem.None;
    private Token _last;
    private Token _beforeLast;
    private int _copied;
    private bool _changed;
    private bool _isSet;

    public FunctionRewriter(ReadOnlySpan<byte> sql, LexerModes modes, FunctionValues values)
    {
        _sql = sql;
        _modes = modes;
        _lexer = new Lexer(sql, modes);
        _output = new(sql.Length + 64);
        _values = values;
    }

    /// <summary>The new text; null: it must stay as it is.</summary>
    public byte[]? Run() => ReadAll() && _changed ? _output.WrittenSpan.ToArray() : null;

    private bool ReadAll()
    {
        var atHead = true;
        for (_lexer.Next(); _lexer.Kind > TokenKind.Invalid; _lexer.Next())
        {
            if (_lexer.UncertainComments > 0 || MeansServersOwn())
                return false;
            if (atHead && _lexer.Kind is not (TokenKind.Semicolon or TokenKind.LeftParen))
            {
                if (IsDefinition())
                    break;
                _isSet = _lexer.Keyword == Keyword.Set;
                atHead = false;
            }
            atHead |= _lexer.Kind == TokenKind.Semicolon;
            Step();
        }
        EndItem();
        _output.Write(_sql[_copied..]);
        return _lexer is { Kind: not TokenKind.Invalid, IsAmbiguous: false };
    }

    /// <summary>Statements from here on are stored, not run; BEGIN NOT ATOMIC is the compound one.</summary>
    private readonly bool IsDefinition()
    {
        var next = _lexer;
        next.Next();
        return _lexer.Keyword is Keyword.Create or Keyword.Alter or Keyword.If or Keyword.While or Keyword.Loop or Keyword.Repeat
            or Keyword.For or Keyword.Case or Keyword.Declare || (_lexer.Keyword == Keyword.Begin && next.Keyword == Keyword.Not);
    }

    private void Step()
    {
        switch (_lexer.Kind)
        {
            case TokenKind.LeftParen:
                BeginItem();
                _outer.Push(_item);
                _item = SelectItem.None;
                break;
            case TokenKind.RightParen:
                EndItem();
                _item = _outer.TryPop(out var outer) ? outer with { IsChanged = outer.IsChanged || _item.IsChanged } : SelectItem.None;
                break;
            case TokenKind.Comma when _item.IsInList:
                EndItem();
                _item = SelectItem.Next;
                Note();
                return;
            case TokenKind.Semicolon:
                EndItem();
                _outer.Clear();
                _item = SelectItem.None;
                break;
            case TokenKind.Word when RewritingWords.EndsList(_lexer.Text):
                EndItem();
                _item = SelectItem.None with { IsChanged = _item.IsChanged };
                break;
        }
        BeginItem();
        if (!Replace())
            Note();
        if (_last.Keyword == Keyword.Select)
            _item = SelectItem.Next;
    }

    /// <summary>A schema or function of theirs is named; "sys" is a schema only before a dot.</summary>
    private readonly bool MeansServersOwn() => _lexer.Kind switch
    {
        TokenKind.Word or TokenKind.QuotedIdentifier => RewritingWords.NamesServersOwn(NameOf(_lexer)),
        TokenKind.Dot => RewritingWords.Are(_sql[_last.Start.._last.End], "sys"u8) || RewritingWords.Are(_sql[_last.Start.._last.End], "`sys`"u8),
        _ => false,
    };

    private void BeginItem()
    {
        if (_item is { IsInList: true, Start: < 0 } && !RewritingWords.IsOption(_lexer.Text))
            _item = _item with { Start = _lexer.Start };
    }

    /// <summary>Puts the literal in the place of a call or a variable that begins at the current token.</summary>
    private bool Replace()
    {
        var end = _lexer;
        var literal = _lexer.Kind == TokenKind.SystemVariable ? TakeVariable(ref end) : TakeCall(ref end);
        if (literal is null)
            return false;
        var start = _lexer.Start;
        _output.Write(_sql[_copied..start]);
        _output.Write(Encoding.ASCII.GetBytes(literal));
        _lexer = end;
        _copied = end.End;
        _changed = true;
        _item = _item with { IsChanged = true };
        _beforeLast = default;
        _last = new(TokenKind.RightParen, Keyword.None, start, end.End);
        return true;
    }

    private readonly string? TakeCall(ref Lexer end) =>
        _last.Kind != TokenKind.Dot && _values.Find(NameOf(_lexer)) is { } literal
        && end.Next() == TokenKind.LeftParen && end.Next() == TokenKind.RightParen ? literal : null;

    private readonly string? TakeVariable(ref Lexer end)
    {
        end.Next();
        if (end.Kind == TokenKind.Word && (RewritingWords.Are(end.Text, "session"u8) || RewritingWords.Are(end.Text, "local"u8)))
        {
            if (end.Next() != TokenKind.Dot)
                return null;
            end.Next();
        }
        if (!RewritingWords.Are(NameOf(end), "pseudo_thread_id"u8))
            return null;
        var behind = end;
        behind.Next();
        var assigned = behind.Kind == TokenKind.Assign || (behind.Kind == TokenKind.Punctuation && behind.Text[0] == '=');
        return _isSet && assigned ? null : _values.ConnectionId;
    }

    private static ReadOnlySpan<byte> NameOf(in Lexer lexer) => lexer.Kind switch
    {
        TokenKind.Word => lexer.Text,
        TokenKind.QuotedIdentifier when lexer.Text.Length > 2 => lexer.Text[1..^1],
        _ => default,
    };

    private void Note()
    {
        _beforeLast = _last;
        _last = new(_lexer.Kind, _lexer.Keyword, _lexer.Start, _lexer.End);
    }

    /// <summary>Behind an item of a select list that was changed and has no name of its own: the name that it had.</summary>
    private void EndItem()
    {
        // An alias too many is an error, one too few another column name: in doubt none.
        if (_item is not { IsInList: true, IsChanged: true, Start: >= 0 } || _last.MayBeAliasBehind(_beforeLast))
            return;
        var name = _sql[_item.Start.._last.End];
        if (name.Length > RewritingWords.LongestName || (!Ascii.IsValid(name) && (_modes & LexerModes.AnyCharset) != 0))
            return; // In some character sets half a letter looks like a backtick.
        _output.Write(_sql[_copied.._last.End]);
        _copied = _last.End;
        _output.Write(" AS `"u8);
        foreach (var part in name)
        {
            _output.Write([part]);
            if (part == '`')
                _output.Write("`"u8);
        }
        _output.Write("`"u8);
    }
}

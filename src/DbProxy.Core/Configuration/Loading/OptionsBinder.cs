using System.Collections;
using System.Reflection;

namespace DbProxy.Core.Configuration.Loading;

/// <summary>Fills options from nodes. Unknown keys and wrong types are mistakes; what is not written keeps its default.</summary>
internal sealed class OptionsBinder(MistakeList mistakes)
{
    public void Bind(ProxyOptions options, ConfigNode root) => Section(options, root, "");

    private void Section(object target, ConfigNode node, string path)
    {
        if (!Expect(node, NodeKind.Object, path, "an object: { … }")) return;
        foreach (var (name, place, value) in node.Members)
        {
            var at = path.Length == 0 ? name : $"{path}.{name}";
            if (at == "$schema") continue;
            if (target.GetType().GetProperty(name) is not { } property)
            {
                mistakes.Add(place, at, $"unknown key{KeyNames.Suggest(target.GetType(), name)}");
                continue;
            }
            mistakes.Remember(at, value.Place);
            Property(target, property, value, at);
        }
    }

    private void Property(object target, PropertyInfo property, ConfigNode node, string path)
    {
        var current = property.GetValue(target);
        if (OptionTypes.IsSection(property.PropertyType)) Section(current!, node, path);
        else if (current is IList list) List(list, node, path);
        else if (current is IDictionary map) Map(map, node, path);
        else if (Scalar(property.PropertyType, node, path, current, out var value)) property.SetValue(target, value);
    }

    private void List(IList list, ConfigNode node, string path)
    {
        if (!Expect(node, NodeKind.Array, path, "a list: [ … ]")) return;
        list.Clear();
        var type = list.GetType().GetGenericArguments()[0];
        for (var i = 0; i < node.Items.Count; i++)
        {
            var at = $"{path}[{i}]";
            mistakes.Remember(at, node.Items[i].Place);
            if (OptionTypes.IsSection(type))
            {
                var item = Activator.CreateInstance(type)!;
                list.Add(item);
                Section(item, node.Items[i], at);
            }
            else
            {
                if (node.Items[i].Kind == NodeKind.Null) mistakes.Add(at, "null is not allowed here");
                // A wrong element keeps its place in the list, so that later ones are named by their own number.
                list.Add(Scalar(type, node.Items[i], at, null, out var value) ? value ?? "" : "");
            }
        }
    }

    private void Map(IDictionary map, ConfigNode node, string path)
    {
        if (!Expect(node, NodeKind.Object, path, "an object: { … }")) return;
        var type = map.GetType().GetGenericArguments()[1];
        foreach (var (name, _, item) in node.Members)
        {
            mistakes.Remember($"{path}.{name}", item.Place);
            if (Scalar(type, item, $"{path}.{name}", null, out var value)) map[name] = value;
        }
    }

    private bool Scalar(Type type, ConfigNode node, string path, object? fallback, out object? value)
    {
        value = null;
        if (node.Kind == NodeKind.Null && type == typeof(string)) return true;
        var error = ScalarForm.Problem(type, node, fallback)
            ?? (OptionTypes.TryParse(type, node.Text, out value, out var wrong) ? null : wrong);
        if (error is not null) mistakes.Add(path, error);
        return error is null;
    }

    private bool Expect(ConfigNode node, NodeKind kind, string path, string form)
    {
        if (node.Kind == kind) return true;
        mistakes.Add(node.Place, path, $"must be {form}");
        return false;
    }
}

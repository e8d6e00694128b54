using System.Globalization;
using System.Text;
using Tunnel.Protocol.CapnProto;

namespace Tunnel.Protocol.Tests.CapnProto;

/// <summary>Reads all that a pointer leads to, as a text that tells different things apart.</summary>
internal static class Walk
{
    public static string Everything(PointerReader pointer)
    {
        var text = new StringBuilder();
        Pointer(text, pointer);
        return text.ToString();
    }

    private static void Pointer(StringBuilder text, PointerReader pointer)
    {
        switch (pointer.Kind)
        {
            case PointerKind.Null:
                text.Append("null");
                break;
            case PointerKind.Capability:
                text.Append(CultureInfo.InvariantCulture, $"capability {pointer.GetCapability()}");
                break;
            case PointerKind.Struct:
                Struct(text, pointer.GetStruct());
                break;
            default:
                List(text, pointer.GetList());
                break;
        }
    }

    private static void Struct(StringBuilder text, StructReader reader)
    {
        text.Append('(').Append(Convert.ToHexString(reader.Data));
        for (var i = 0; i < reader.PointerCount; i++)
        {
            Pointer(text.Append(' '), reader.GetPointer(i));
        }

        text.Append(')');
    }

    private static void List(StringBuilder text, ListReader list)
    {
        text.Append(CultureInfo.InvariantCulture, $"[{list.ElementSize} {list.Count}:");
        for (var i = 0; i < list.Count && list.ElementSize != ElementSize.Void; i++)
        {
            text.Append(' ');
            switch (list.ElementSize)
            {
                case ElementSize.Bit:
                    text.Append(list.GetBool(i) ? '1' : '0');
                    break;
                case ElementSize.Byte:
                    text.Append(list.GetByte(i));
                    break;
                case ElementSize.TwoBytes:
                    text.Append(list.GetUInt16(i));
                    break;
                case ElementSize.FourBytes:
                    text.Append(list.GetUInt32(i));
                    break;
                case ElementSize.EightBytes:
                    text.Append(list.GetUInt64(i));
                    break;
                case ElementSize.Pointer:
                    Pointer(text, list.GetPointer(i));
                    break;
                default:
                    Struct(text, list.GetStruct(i));
                    break;
            }
        }

        text.Append(']');
    }
}

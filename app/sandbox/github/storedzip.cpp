#include "app/sandbox/github/storedzip.h"

#include <QDataStream>
#include <QIODevice>

#include <zlib.h>

namespace pilothouse::sandbox {

namespace {

constexpr quint16 zipVersion = 20; // 2.0
constexpr quint16 namesInUtf8 = 1 << 11;
constexpr quint16 firstOfJanuary1980 = (1 << 5) | 1;

/// The fields that an entry has before its content and in the directory alike.
void writeCommon(QDataStream &out, const QByteArray &name, const QByteArray &content)
{
    const auto sum
        = static_cast<quint32>(crc32(0, reinterpret_cast<const Bytef *>(content.constData()),
                                     static_cast<uInt>(content.size())));
    const auto size = static_cast<quint32>(content.size());
    constexpr quint16 stored = 0;
    constexpr quint16 midnight = 0;
    constexpr quint16 noExtra = 0;
    out << zipVersion << namesInUtf8 << stored << midnight << firstOfJanuary1980 << sum << size
        << size << static_cast<quint16>(name.size()) << noExtra;
}

} // namespace

void StoredZip::add(const QString &name, const QByteArray &content)
{
    const QByteArray path = name.toUtf8();
    const auto offset = static_cast<quint32>(m_entries.size());
    QDataStream entry(&m_entries, QIODevice::WriteOnly | QIODevice::Append);
    entry.setByteOrder(QDataStream::LittleEndian);
    entry << quint32(0x04034b50);
    writeCommon(entry, path, content);
    m_entries += path + content;

    QDataStream listed(&m_directory, QIODevice::WriteOnly | QIODevice::Append);
    listed.setByteOrder(QDataStream::LittleEndian);
    listed << quint32(0x02014b50) << zipVersion;
    writeCommon(listed, path, content);
    constexpr quint16 noComment = 0;
    constexpr quint16 firstDisk = 0;
    constexpr quint16 noInternals = 0;
    constexpr quint32 noExternals = 0;
    listed << noComment << firstDisk << noInternals << noExternals << offset;
    m_directory += path;
    ++m_count;
}

QByteArray StoredZip::bytes() const
{
    QByteArray end;
    QDataStream out(&end, QIODevice::WriteOnly);
    out.setByteOrder(QDataStream::LittleEndian);
    constexpr quint16 firstDisk = 0;
    constexpr quint16 noComment = 0;
    out << quint32(0x06054b50) << firstDisk << firstDisk << m_count << m_count
        << static_cast<quint32>(m_directory.size()) << static_cast<quint32>(m_entries.size())
        << noComment;
    return m_entries + m_directory + end;
}

} // namespace pilothouse::sandbox

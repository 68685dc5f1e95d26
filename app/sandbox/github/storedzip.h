#pragma once

#include <QByteArray>
#include <QString>

namespace pilothouse::sandbox {

/// Writes a zip file whose entries are stored as they are. For less than 4 GiB and 65,535 entries.
class StoredZip
{
public:
    void add(const QString &name, const QByteArray &content);
    /// The whole file; entries that are added later are not in it.
    [[nodiscard]] QByteArray bytes() const;

private:
    QByteArray m_entries;
    QByteArray m_directory;
    quint16 m_count = 0;
};

} // namespace pilothouse::sandbox

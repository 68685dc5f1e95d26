#pragma once

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

namespace pilothouse {

/// A home folder of a test's own. A name is a path in it.
class TestHome
{
public:
    [[nodiscard]] bool isValid() const { return m_folder.isValid(); }
    [[nodiscard]] QString path() const { return m_folder.path(); }
    [[nodiscard]] QString path(const char *name) const
    {
        return m_folder.filePath(QString::fromLatin1(name));
    }
    /// Makes the folders above it, too. Gives its path.
    QString write(const char *name, const QByteArray &text) const
    {
        QFile file(path(name));
        if (!QDir().mkpath(QFileInfo(file).path()) || !file.open(QIODevice::WriteOnly)
            || file.write(text) != text.size())
            qFatal("the test cannot write its file");
        return file.fileName();
    }

private:
    QTemporaryDir m_folder;
};

} // namespace pilothouse

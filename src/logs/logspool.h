#pragma once

#include "base/result.h"

#include <QDateTime>
#include <QList>
#include <QObject>

class QSettings;

namespace pilothouse {

/// A file of the folder where logs are kept.
struct SpoolFile
{
    QString path;
    qint64 bytes = 0;
    QDateTime changed;
    bool open = false; ///< shown now by somebody: never deleted

    bool operator==(const SpoolFile &) const = default;
};

/// Which files go so that the rest fits the limit: the oldest first, never one that is open.
[[nodiscard]] QStringList filesToDelete(QList<SpoolFile> files, qint64 limit);

/// The folder where logs are kept, with a limit of its size that a person can see and change. What
/// a crash left behind is counted and cleared too. GUI thread.
class LogSpool final : public QObject
{
    Q_OBJECT

public:
    static constexpr qint64 defaultLimit = qint64(2) << 30;

    explicit LogSpool(QString folder, QObject *parent = nullptr);

    [[nodiscard]] QString folder() const { return m_folder; }
    [[nodiscard]] qint64 limit() const;
    /// Deletes at once what does not fit. Unavailable, and nothing changes, if there are settings
    /// and they cannot be written.
    [[nodiscard]] Result<void> setLimit(qint64 bytes);
    /// The limit is the one in these settings from now on, also where another spool of the same
    /// settings changes it. They outlive the spool.
    void keepLimitIn(QSettings &settings) { m_settings = &settings; }

    /// The logs in the folder, as the disk has them now.
    [[nodiscard]] QList<SpoolFile> files() const;
    [[nodiscard]] qint64 bytes() const;
    /// Deletes the oldest until the rest fits. Unavailable names what could not be deleted.
    [[nodiscard]] Result<void> enforce();
    /// The same for a log that grows; false if what is open is too large for the limit by itself.
    /// Looks through the folder: not to be asked for each line.
    [[nodiscard]] bool makeRoom();
    /// What a growing log may become longer by before `makeRoom` is asked again.
    static constexpr qint64 betweenLooks = qint64(1) << 20;
    /// Deletes everything that is not open.
    [[nodiscard]] Result<void> clear();

Q_SIGNALS:
    void changed();

private:
    [[nodiscard]] Result<void> remove(const QStringList &paths);
    [[nodiscard]] Result<void> store(qint64 limit);

    QString m_folder;
    qint64 m_limit = defaultLimit;
    QSettings *m_settings = nullptr;
};

} // namespace pilothouse

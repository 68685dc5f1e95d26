#pragma once

#include <QObject>
#include <QString>

#include <vector>

namespace pilothouse {

class LogStore;

/// Plain search through one log, a slice of lines at a time so that the window never waits.
/// It goes on by itself when the log grows. GUI thread.
class LogSearch final : public QObject
{
    Q_OBJECT

public:
    explicit LogSearch(QObject *parent = nullptr);

    /// Starts anew; an empty text finds nothing. The store must outlive the search or be cleared by
    /// `start(nullptr, {})`. Case does not count. Stamps and escapes are not searched.
    void start(const LogStore *store, const QString &text);

    [[nodiscard]] QString text() const { return m_text; }
    /// Lines with at least one hit, ascending.
    [[nodiscard]] const std::vector<qint64> &lines() const { return m_lines; }
    [[nodiscard]] bool isComplete() const;
    /// The next line with a hit after `from` (before it), around the end; -1 if there is none.
    [[nodiscard]] qint64 next(qint64 from) const;
    [[nodiscard]] qint64 previous(qint64 from) const;

Q_SIGNALS:
    void changed();

private:
    void scanSlice();

    const LogStore *m_store = nullptr;
    QString m_text;
    qint64 m_scanned = 0;
    std::vector<qint64> m_lines;
    bool m_scheduled = false;
};

/// The first line that is an error, from `from` on; -1 if there is none.
[[nodiscard]] qint64 firstError(const LogStore &store, qint64 from = 0);

} // namespace pilothouse

#include "logs/runsearch/logfetch.h"

#include "logs/logspool.h"

#include <QLocale>

namespace pilothouse {

LogFetch::LogFetch(const std::vector<LogSource *> &sources, const LogTarget &target,
                   LogSpool &spool, QObject *parent)
    : QObject(parent), m_spool(spool)
{
    if (const Result<void> begun = begin(sources, target); !begun) {
        QMetaObject::invokeMethod(
            this, [this, begun] { end(begun); }, Qt::QueuedConnection);
    }
}

LogFetch::~LogFetch() = default;

Result<void> LogFetch::begin(const std::vector<LogSource *> &sources, const LogTarget &target)
{
    // What cannot be deleted counts as taken.
    (void)m_spool.enforce();
    if (m_spool.bytes() >= m_spool.limit())
        return fail(noRoom());
    auto store = LogStore::create(m_spool.folder());
    if (!store)
        return fail(store.error());
    m_store = std::move(*store);
    for (LogSource *source : sources) {
        m_stream = source->open(target);
        if (m_stream)
            break;
    }
    if (!m_stream)
        return fail(ErrorKind::NotFound,
                    tr("No source knows this log. Add the source to pilothouse.yaml."));
    connect(m_stream.get(), &LogStream::bytesArrived, this, &LogFetch::take);
    connect(m_stream.get(), &LogStream::ended, this, &LogFetch::end);
    return {};
}

void LogFetch::take(const QByteArray &bytes)
{
    if (const Result<void> written = m_store->append(bytes); !written)
        return end(written);
    m_unlooked += bytes.size();
    if (m_unlooked < LogSpool::betweenLooks)
        return;
    m_unlooked = 0;
    if (!m_spool.makeRoom())
        end(fail(noRoom()));
}

Error LogFetch::noRoom() const
{
    return {ErrorKind::Unavailable,
            tr("The logs that are shown take all of the %1 that kept logs may take.")
                .arg(QLocale(QLocale::English).formattedDataSize(m_spool.limit(), 1)),
            {},
            {}};
}

void LogFetch::end(const Result<void> &outcome)
{
    // The stream may be the sender of this very signal.
    if (m_stream) {
        m_stream->disconnect(this);
        m_stream.release()->deleteLater();
    }
    Result<void> whole = outcome;
    if (whole)
        whole = m_store->finish();
    if (whole)
        m_whole = std::move(m_store);
    m_store.reset();
    Q_EMIT ended(whole);
}

} // namespace pilothouse

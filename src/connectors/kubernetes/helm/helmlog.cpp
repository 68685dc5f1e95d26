#include "connectors/kubernetes/helm/helmlog.h"

#include <QPointer>
#include <QTimer>

namespace pilothouse {
namespace {

class HelmLogStream final : public LogStream
{
public:
    explicit HelmLogStream(const HelmLog &log)
    {
        // Only then connected: what is printed before is among what is kept.
        QTimer::singleShot(0, this, [this, source = QPointer<const HelmLog>(&log)] {
            if (!source)
                return;
            Q_EMIT bytesArrived(source->kept());
            connect(source, &HelmLog::printed, this, &LogStream::bytesArrived);
        });
    }
};

} // namespace

HelmLog::HelmLog(Clock &clock, TrackName track) : m_clock(clock), m_track(std::move(track)) {}

QByteArray HelmLog::dated(const QString &line) const
{
    return m_clock.now().toString(Qt::ISODateWithMs).toUtf8() + ' ' + line.toUtf8() + '\n';
}

void HelmLog::keep(const QString &line)
{
    const QByteArray whole = dated(line);
    m_kept += whole;
    if (m_kept.size() > mostBytes)
        m_kept.remove(0, m_kept.indexOf('\n', m_kept.size() - mostBytes) + 1);
    Q_EMIT printed(whole);
}

QByteArray HelmLog::kept() const
{
    return m_kept.isEmpty() ? dated(tr("helm has changed nothing since this console was opened"))
                            : m_kept;
}

std::unique_ptr<LogStream> HelmLog::open(const LogTarget &target)
{
    const auto *program = std::get_if<ProgramLog>(&target);
    if (!program || program->track != m_track)
        return nullptr;
    return std::make_unique<HelmLogStream>(*this);
}

} // namespace pilothouse

#include "logs/reading/loglink.h"

#include "base/words.h"

#include <QRegularExpression>

namespace pilothouse {
namespace {

QUrl bare(const QUrl &page)
{
    return page.adjusted(QUrl::RemoveFragment | QUrl::RemoveQuery | QUrl::StripTrailingSlash);
}

tl::unexpected<Error> badLink(const QString &sentence)
{
    return fail(ErrorKind::BadInput, sentence);
}

} // namespace

std::optional<LineLink> vendorLink(const LogOrigin &origin, const QList<StepBegin> &begins,
                                   qint64 line)
{
    if (origin.page.isEmpty())
        return {};
    const QString page = origin.page.toString(QUrl::FullyEncoded | QUrl::RemoveFragment);
    if (origin.anchors == LogOrigin::Anchors::None)
        return LineLink{
            page,
            Words::tr("Copied the build's page: it has no address for line %1.").arg(line + 1)};
    const std::optional<StepPlace> place = placeInStep(begins, line);
    if (!place)
        return LineLink{
            page, Words::tr("Copied the job's page: which step line %1 belongs to is not known.")
                      .arg(line + 1)};
    const QString address
        = QStringLiteral("%1#step:%2:%3").arg(page).arg(place->step).arg(place->line);
    return LineLink{address, Words::tr("Copied: %1").arg(address)};
}

std::optional<Result<qint64>> lineOfLink(const LogOrigin &origin, const QList<StepBegin> &begins,
                                         qint64 lineCount, const QString &words)
{
    static const QRegularExpression anchor(QStringLiteral("^step:(\\d{1,6})(?::(\\d{1,12}))?$"));
    const QUrl link(words.trimmed());
    if (link.scheme() != QLatin1String("https") && link.scheme() != QLatin1String("http"))
        return {};
    if (origin.page.isEmpty())
        return badLink(Words::tr("This log has no page at a vendor that the link could mean."));
    if (bare(link) != bare(origin.page))
        return badLink(Words::tr("The link is of another log; this one's page is %1.")
                           .arg(origin.page.toString(QUrl::RemoveFragment)));
    const auto match = anchor.match(link.fragment());
    if (!match.hasMatch())
        return badLink(Words::tr("The link names no line: it ends in #step:N:L where it does."));
    const int step = match.captured(1).toInt();
    const qint64 line = match.hasCaptured(2) ? match.captured(2).toLongLong() : 1;
    qint64 begin = -1;
    qint64 end = lineCount;
    for (const StepBegin &each : begins) {
        if (each.line < 0)
            continue;
        if (each.number == step) {
            begin = each.line;
        } else if (begin >= 0) {
            end = each.line;
            break;
        }
    }
    if (begin < 0)
        return badLink(Words::tr("No line of this log is known to be of step %1.").arg(step));
    return line >= 1 && begin + line - 1 < end ? begin + line - 1 : -1;
}

} // namespace pilothouse

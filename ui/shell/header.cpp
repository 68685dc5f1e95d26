#include "ui/shell/header.h"

#include "release/releasecontroller.h"
#include "release/releasesources.h"
#include "ui/shell/releasepicker.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/ink.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/words.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace pilothouse {

Header::Header(const Parts &parts, QWidget *parent)
    : QWidget(parent), m_parts(parts), m_subject(new QLabel)
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(spacing::Small);
    auto *label = new QLabel(tr("Release"));
    auto *picker = new ReleasePicker(m_parts.release);
    label->setBuddy(picker);
    m_subject->setObjectName(QStringLiteral("subjectLabel"));
    m_subject->setTextFormat(Qt::PlainText);
    m_subject->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto *palette = new QToolButton;
    palette->setObjectName(QStringLiteral("paletteButton"));
    palette->setIcon(themedIcon(QStringLiteral("command")));
    palette->setText(tr("Ctrl+K"));
    palette->setToolTip(tr("All actions (Ctrl+K)"));
    palette->setAccessibleName(tr("All actions"));
    palette->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    palette->setAutoRaise(true);
    connect(palette, &QToolButton::clicked, this, &Header::actionsRequested);
    auto *scheme = new QToolButton;
    scheme->setObjectName(QStringLiteral("schemeButton"));
    scheme->setIcon(themedIcon(QStringLiteral("moon")));
    scheme->setToolTip(tr("Light or dark"));
    scheme->setAccessibleName(tr("Light or dark"));
    scheme->setAutoRaise(true);
    connect(scheme, &QToolButton::clicked, this, [] {
        Theme &theme = Theme::instance();
        theme.setScheme(theme.isDark() ? Theme::Scheme::Light : Theme::Scheme::Dark);
    });
    auto *mode = new QLabel(m_parts.readOnly ? tr("read-only") : tr("can act"));
    mode->setObjectName(QStringLiteral("modeLabel"));
    const Tone modeTone = m_parts.readOnly ? Tone::Warning : Tone::Neutral;
    setInk(mode, modeTone);
    row->addWidget(label);
    row->addWidget(picker);
    row->addWidget(m_subject, 1);
    row->addWidget(mode);
    row->addWidget(palette);
    row->addWidget(scheme);

    connect(&parts.release, &ReleaseController::shownChanged, this, &Header::refresh);
    connect(&parts.release, &ReleaseController::changed, this, &Header::refresh);
    connect(&parts.release.sources(), &ReleaseSources::gitCopyChanged, this, &Header::refresh);
    refresh();
}

void Header::refresh()
{
    const auto &commit = m_parts.release.commit();
    if (!commit) {
        const CommitId &shown = m_parts.release.shown();
        const auto unread = m_parts.release.sources().unread();
        m_subject->setText(unread ? tr("No release to show: the repository cannot be read")
                           : shown.value.isEmpty() ? tr("Looking for the release to show…")
                                                   : tr("Reading %1…").arg(shortSha(shown)));
        m_subject->setToolTip(unread ? unread->message : QString());
        return;
    }
    const auto age = std::chrono::milliseconds(commit->at.msecsTo(m_parts.clock.now()));
    m_subject->setText(tr("%1 · %2 · %3").arg(commit->subject, commit->author, ageText(age)));
    m_subject->setToolTip(commit->body);
}

} // namespace pilothouse

#include "ui/action/confirmationdialog.h"

#include "action/ago.h"
#include "ui/widgets/codeview.h"
#include "ui/widgets/environmentband.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/ink.h"
#include "ui/widgets/spacing.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace pilothouse {
namespace {

struct RowLook
{
    QString icon;
    Tone tone;
};

RowLook lookOf(PreviewRow::Kind kind)
{
    switch (kind) {
    case PreviewRow::Kind::Plain:
    case PreviewRow::Kind::Live:
        return {{}, Tone::Neutral};
    case PreviewRow::Kind::For:
        return {QStringLiteral("circle-check"), Tone::Success};
    case PreviewRow::Kind::Against:
        return {QStringLiteral("triangle-alert"), Tone::Warning};
    case PreviewRow::Kind::Unknown:
        return {QStringLiteral("circle-question-mark"), Tone::Neutral};
    case PreviewRow::Kind::Changed:
        return {QStringLiteral("info"), Tone::Info};
    }
    return {{}, Tone::Neutral};
}

QString exactText(const QList<PlannedCall> &calls)
{
    QStringList texts;
    for (const PlannedCall &call : calls)
        texts << call.exact;
    return texts.join(QStringLiteral("\n\n"));
}

/// How long ago something was is no change of it.
PreviewRow withoutAge(PreviewRow row)
{
    row.text = withoutAges(row.text);
    return row;
}

QList<PreviewRow> withoutAges(QList<PreviewRow> rows)
{
    for (PreviewRow &row : rows)
        row = withoutAge(row);
    return rows;
}

/// One way in which the calls can be taken to a shell.
struct CopyForm
{
    QString title;
    QString text;
};

/// The vendor's own program first, then curl, then what is shown; only forms that every call has.
QList<CopyForm> copyForms(const QList<PlannedCall> &calls)
{
    const bool sql = !calls.isEmpty() && calls.first().language == PlannedCall::Language::Sql;
    // In a shell what follows a refused call must not run: it may be bound to nothing itself.
    const QString between = sql ? QStringLiteral("\n") : QStringLiteral(" &&\n");
    const auto all = [&](QString PlannedCall::*form) {
        QStringList texts;
        for (const PlannedCall &call : calls) {
            if ((call.*form).isEmpty())
                return QString();
            texts << call.*form;
        }
        return texts.join(between);
    };
    QList<CopyForm> forms;
    if (exactText(calls).isEmpty())
        return forms;
    const QString own = all(&PlannedCall::copyable);
    if (sql) {
        forms << CopyForm{ConfirmationDialog::tr("Copy SQL"),
                          own.isEmpty() ? exactText(calls) : own};
        return forms;
    }
    if (!own.isEmpty()) {
        // "GH_REPO=owner/name gh run …" is gh's, "/opt/bin/helm upgrade …" helm's.
        QString program;
        for (const QString &word : own.split(QLatin1Char(' '))) {
            program = word.section(QLatin1Char('/'), -1);
            if (!word.contains(QLatin1Char('=')))
                break;
        }
        forms << CopyForm{ConfirmationDialog::tr("Copy as %1").arg(program), own};
    }
    if (const QString curl = all(&PlannedCall::curl); !curl.isEmpty())
        forms << CopyForm{ConfirmationDialog::tr("Copy as curl"), curl};
    forms << CopyForm{ConfirmationDialog::tr("Copy as Shown"), exactText(calls)};
    return forms;
}

QString reasonPrompt(const Preview &preview)
{
    if (!preview.reasonRequired)
        return ConfirmationDialog::tr("Reason, optional");
    const bool against
        = std::any_of(preview.rows.cbegin(), preview.rows.cend(),
                      [](const PreviewRow &row) { return row.kind == PreviewRow::Kind::Against; });
    return against ? ConfirmationDialog::tr("Reason, asked because something is against it")
                   : ConfirmationDialog::tr("Reason, which others will read");
}

QString languageOf(const QList<PlannedCall> &calls)
{
    if (calls.isEmpty())
        return {};
    switch (calls.first().language) {
    case PlannedCall::Language::Http:
        return {}; // a request is no language of its own: plain
    case PlannedCall::Language::Sql:
        return QStringLiteral("SQL (PostgreSQL)");
    case PlannedCall::Language::Shell:
        return QStringLiteral("Bash");
    }
    return {};
}

constexpr int dialogWidth = 860;
constexpr int linesOfCode = 9;
constexpr int labelWidth = 96;
constexpr int textWidth = dialogWidth - labelWidth - 2 * spacing::Small - 3 * spacing::Medium;

} // namespace

ConfirmationDialog::ConfirmationDialog(const Preview &preview, QWidget *parent)
    : QDialog(parent), m_preview(preview), m_atFirst(withoutAges(preview.rows)),
      m_band(new EnvironmentBand(this)), m_rows(new QWidget(this)),
      m_optionLabel(new QLabel(m_rows)), m_optionIcon(new QLabel(m_rows)),
      m_optionLine(new QWidget(m_rows)), m_option(new QCheckBox(m_optionLine)),
      m_optionWords(new QLabel(m_optionLine)), m_calls(new CodeView(this)),
      m_prompt(new QLabel(this)), m_typed(new QLineEdit(this)), m_reasonPrompt(new QLabel(this)),
      m_reason(new QLineEdit(this)), m_notice(new QLabel(this)), m_hint(new QLabel(this)),
      m_buttons(new QDialogButtonBox(this)), m_copy(new QPushButton(tr("Copy"), this)),
      m_action(m_buttons->addButton(QString(), QDialogButtonBox::ActionRole)),
      m_cancel(m_buttons->addButton(QDialogButtonBox::Cancel))
{
    setObjectName(QStringLiteral("confirmationDialog"));
    m_prompt->setObjectName(QStringLiteral("typedPrompt"));
    m_typed->setObjectName(QStringLiteral("typedField"));
    m_reason->setObjectName(QStringLiteral("reasonField"));
    m_action->setObjectName(QStringLiteral("confirmButton"));
    m_cancel->setObjectName(QStringLiteral("cancelButton"));
    m_option->setObjectName(QStringLiteral("optionBox"));
    m_optionWords->setObjectName(QStringLiteral("optionWords"));
    setInk(m_optionLabel, ColorRole::Muted);
    m_optionIcon->setFixedWidth(spacing::Medium);
    auto *option = new QHBoxLayout(m_optionLine);
    option->setContentsMargins(0, 0, 0, 0);
    option->setSpacing(spacing::Small);
    option->addWidget(m_option);
    option->addWidget(m_optionWords, 1);
    m_calls->setAccessibleName(tr("Exact requests and statements"));
    m_calls->setTabChangesFocus(true);
    m_calls->setFocusPolicy(Qt::ClickFocus);
    m_prompt->setBuddy(m_typed);
    m_reasonPrompt->setBuddy(m_reason);
    m_typed->setMaximumWidth(dialogWidth / 3);
    m_typed->setFont(Theme::instance().codeFont());
    m_notice->setObjectName(QStringLiteral("confirmationNotice"));
    m_notice->setWordWrap(true);
    m_notice->hide();
    m_hint->setObjectName(QStringLiteral("confirmationHint"));
    setInk(m_hint, ColorRole::Muted);
    for (QPushButton *button : {m_action, m_cancel})
        button->setAutoDefault(false);

    m_copy->setObjectName(QStringLiteral("copyCallsButton"));
    m_copy->setIcon(themedIcon(QStringLiteral("copy")));
    m_copy->setAutoDefault(false);
    m_copy->setMenu(new QMenu(m_copy));
    m_buttons->addButton(m_copy, QDialogButtonBox::ResetRole);

    auto *fields = new QGridLayout;
    fields->setHorizontalSpacing(spacing::Medium);
    fields->addWidget(m_prompt, 0, 0);
    fields->addWidget(m_typed, 1, 0);
    fields->addWidget(m_reasonPrompt, 0, 1);
    fields->addWidget(m_reason, 1, 1);
    fields->setColumnStretch(1, 1);

    auto *inner = new QVBoxLayout;
    inner->setContentsMargins(spacing::Medium, spacing::Medium, spacing::Medium, spacing::Medium);
    inner->setSpacing(spacing::Small + spacing::Hair);
    inner->addWidget(m_rows);
    inner->addWidget(m_calls);
    inner->addStretch(1);
    inner->addWidget(m_notice);
    inner->addLayout(fields);
    inner->addWidget(m_hint);
    inner->addWidget(m_buttons);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_band);
    outer->addLayout(inner);

    // With the keyboard the fields come first: the three acts of a rollback stay three.
    const QList<QWidget *> byTab{m_typed, m_reason, m_option, m_cancel, m_action, m_copy};
    for (qsizetype i = 1; i < byTab.size(); ++i)
        setTabOrder(byTab[i - 1], byTab[i]);

    new QGridLayout(m_rows);
    m_option->setChecked(preview.option && preview.option->on);
    setMinimumWidth(dialogWidth);
    setModal(true);
    fillRows();
    fillCalls();
    updateButtons();
    // Left to itself, its height is that of the narrower width that its texts would ask for.
    resize(dialogWidth, layout()->totalHeightForWidth(dialogWidth));
    if (preview.typed.isEmpty())
        m_cancel->setFocus();
    else
        m_typed->setFocus();

    connect(m_typed, &QLineEdit::textChanged, this, &ConfirmationDialog::updateButtons);
    connect(m_reason, &QLineEdit::textChanged, this, &ConfirmationDialog::updateButtons);
    connect(m_option, &QCheckBox::toggled, this, &ConfirmationDialog::tellOption);
    connect(m_action, &QPushButton::clicked, this, &ConfirmationDialog::press);
    connect(m_cancel, &QPushButton::clicked, this, &QDialog::reject);
}

void ConfirmationDialog::setPreview(const Preview &preview)
{
    const Preview before = std::exchange(m_preview, preview);
    if (preview.option && !before.option)
        m_option->setChecked(preview.option->on);
    if (preview.calls != before.calls)
        fillCalls();
    fillRows();
    updateButtons();
    // Where a target is confirmed, only another one would change what a press does.
    if (m_underWay || preview.target.isEmpty() || preview.fingerprint == before.fingerprint)
        return;
    if (preview.target == before.target)
        setNotice(Tone::Info, tr("CHANGED: the marked lines are new. Your target is the same; what "
                                 "you typed counts."));
    else
        setNotice(Tone::Warning,
                  tr("CHANGED: the target is another one now. Read it, then type it."));
}

void ConfirmationDialog::fillRows()
{
    setWindowTitle(m_preview.title);
    m_band->setEnvironment(m_preview.environment);
    m_band->setTexts(m_preview.scope, m_preview.title);
    auto *grid = static_cast<QGridLayout *>(m_rows->layout());
    while (QLayoutItem *item = grid->takeAt(0))
        delete item;
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(spacing::Small);
    grid->setVerticalSpacing(spacing::Hair);
    grid->setColumnStretch(2, 1);
    const Theme &theme = Theme::instance();
    size_t number = 0;
    QString lastLabel;
    const qsizetype optionAt = m_preview.option ? placeOfOption(m_preview) : -1;
    int gridRow = 0;
    const auto placeOptionHere = [&] {
        if (qsizetype(number) != optionAt)
            return;
        placeOption(*grid, gridRow++, lastLabel != m_preview.option->label);
        lastLabel = m_preview.option->label;
    };
    for (const PreviewRow &row : m_preview.rows) {
        placeOptionHere();
        const bool isNew
            = row.kind != PreviewRow::Kind::Live && !m_atFirst.contains(withoutAge(row));
        const RowLook look
            = isNew ? lookOf(row.kind == PreviewRow::Kind::Plain ? PreviewRow::Kind::Changed
                                                                 : row.kind)
                    : lookOf(row.kind);
        const Line &line = lineAt(number);
        line.label->setText(row.label == lastLabel ? QString() : row.label);
        line.icon->setPixmap(look.icon.isEmpty() ? QPixmap()
                                                 : themedPixmap(look.icon, theme.color(look.tone),
                                                                14, devicePixelRatioF()));
        if (line.text->text() != row.text)
            line.text->setText(row.text);
        if (row.kind == PreviewRow::Kind::Against || isNew)
            setInk(line.text, look.tone);
        else
            setInk(line.text, ColorRole::Text);
        // A wrapped label asks for one line unless it is told how wide it will be.
        line.text->setMinimumHeight(0);
        line.text->setMinimumHeight(line.text->heightForWidth(textWidth));
        grid->addWidget(line.label, gridRow, 0, Qt::AlignTop);
        grid->addWidget(line.icon, gridRow, 1, Qt::AlignTop);
        grid->addWidget(line.text, gridRow, 2);
        line.setVisible(true);
        lastLabel = row.label;
        ++number;
        ++gridRow;
    }
    placeOptionHere();
    for (QWidget *each : {static_cast<QWidget *>(m_optionLabel),
                          static_cast<QWidget *>(m_optionIcon), m_optionLine})
        each->setVisible(m_preview.option.has_value());
    for (; number < m_lines.size(); ++number)
        m_lines[number].setVisible(false);
}

void ConfirmationDialog::fillCalls()
{
    fillCopyForms();
    const QString exact = exactText(m_preview.calls);
    m_calls->setVisible(!exact.isEmpty());
    m_calls->setCode(exact, languageOf(m_preview.calls));
    const int lines = std::min(int(exact.count(QLatin1Char('\n'))) + 1, linesOfCode);
    m_calls->setFixedHeight((lines + 1) * m_calls->fontMetrics().lineSpacing() + spacing::Medium);
}

void ConfirmationDialog::placeOption(QGridLayout &grid, int row, bool labelled)
{
    m_optionLabel->setText(labelled ? m_preview.option->label : QString());
    m_option->setText(m_preview.option->text);
    tellOption();
    grid.addWidget(m_optionLabel, row, 0, Qt::AlignVCenter);
    grid.addWidget(m_optionIcon, row, 1, Qt::AlignVCenter);
    grid.addWidget(m_optionLine, row, 2);
}

/// What the box means as it stands: without it is worth a warning.
void ConfirmationDialog::tellOption()
{
    if (!m_preview.option)
        return;
    const bool on = m_option->isChecked();
    const RowLook look = lookOf(on ? PreviewRow::Kind::Plain : PreviewRow::Kind::Against);
    m_optionIcon->setPixmap(
        look.icon.isEmpty()
            ? QPixmap()
            : themedPixmap(look.icon, Theme::instance().color(look.tone), 14, devicePixelRatioF()));
    m_optionWords->setText(on ? m_preview.option->whenOn : m_preview.option->whenOff);
    m_option->setAccessibleDescription(m_optionWords->text());
    if (on)
        setInk(m_optionWords, ColorRole::Text);
    else
        setInk(m_optionWords, look.tone);
}

void ConfirmationDialog::Line::setVisible(bool visible) const
{
    for (QLabel *each : {label, icon, text}) {
        each->setVisible(visible);
        if (!visible)
            each->clear();
    }
}

const ConfirmationDialog::Line &ConfirmationDialog::lineAt(size_t number)
{
    if (number == m_lines.size()) {
        const Line line{new QLabel(m_rows), new QLabel(m_rows), new QLabel(m_rows)};
        setInk(line.label, ColorRole::Muted);
        line.label->setMinimumWidth(labelWidth);
        line.icon->setFixedWidth(spacing::Medium);
        line.text->setTextFormat(Qt::PlainText);
        line.text->setWordWrap(true);
        line.text->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_lines.push_back(line);
    }
    return m_lines[number];
}

void ConfirmationDialog::fillCopyForms()
{
    QMenu *menu = m_copy->menu();
    menu->clear();
    for (const CopyForm &form : copyForms(m_preview.calls))
        menu->addAction(form.title, this,
                        [text = form.text] { QApplication::clipboard()->setText(text); });
    m_copy->setVisible(!menu->isEmpty());
}

bool ConfirmationDialog::complete() const
{
    const bool typed
        = m_preview.typed.isEmpty()
          || m_typed->text().trimmed().compare(m_preview.typed, Qt::CaseInsensitive) == 0;
    const bool reason = !m_preview.reasonRequired || !m_reason->text().trimmed().isEmpty();
    return typed && reason && !m_underWay;
}

void ConfirmationDialog::updateButtons()
{
    const bool types = !m_preview.typed.isEmpty();
    m_prompt->setText(tr("%1: %2").arg(m_preview.typedPrompt, m_preview.typed));
    m_prompt->setVisible(types);
    m_typed->setVisible(types);
    m_typed->setAccessibleName(m_preview.typedPrompt);
    m_reasonPrompt->setText(reasonPrompt(m_preview));
    m_reason->setAccessibleName(m_reasonPrompt->text());
    m_reasonPrompt->setVisible(m_preview.takesReason);
    m_reason->setVisible(m_preview.takesReason);
    m_action->setText(m_preview.verb);
    m_action->setEnabled(complete());
    m_typed->setReadOnly(m_underWay);
    m_reason->setReadOnly(m_underWay);
    m_option->setEnabled(!m_underWay);
    // The default is set here, after the button box is laid out, because the box sets its own.
    m_action->setDefault(types && complete());
    m_cancel->setDefault(!types);
    QStringList hints;
    if (m_preview.readAge)
        hints << tr("read %1, read again when you press").arg(agoWords(*m_preview.readAge));
    hints << (types ? tr("Enter does nothing until the text is right · Esc cancels")
                    : tr("Enter and Esc cancel"));
    m_hint->setText(hints.join(QStringLiteral(" · ")));
}

void ConfirmationDialog::setNotice(Tone tone, const QString &text)
{
    setInk(m_notice, tone);
    m_notice->setText(text);
    m_notice->setVisible(!text.isEmpty());
}

void ConfirmationDialog::setUnderWay(bool underWay)
{
    m_underWay = underWay;
    updateButtons();
}

void ConfirmationDialog::press()
{
    if (!complete())
        return;
    Q_EMIT confirmed({m_reason->text().trimmed(), m_preview.fingerprint, m_preview.target,
                      !m_preview.option || m_option->isChecked()});
}

} // namespace pilothouse

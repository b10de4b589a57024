# O botão sob um sonho, e a resposta.
gallery-share = Mostrar na galeria
gallery-withdraw = Retirar da galeria
gallery-without-picture = Esconder minha imagem
gallery-shared = Pronto. Agora todos podem ver este sonho e sua receita na galeria da web, sem o seu nome. “{ gallery-withdraw }” tira de lá, e apagar o sonho também.
gallery-shared-with-picture = A imagem que você enviou aparece ao lado. “{ gallery-without-picture }” tira só essa imagem.
gallery-picture-hidden = A galeria agora mostra só o sonho.
gallery-withdrawn = Retirado. A galeria não mostra mais este sonho.
gallery-not-there = Este sonho não estava mais na galeria: foi retirado porque ele, sua imagem ou seus dados foram apagados, ou porque não pode mais ser mostrado.
gallery-off = Não tenho galeria.
gallery-not-yours = Só quem pediu este sonho pode mostrá-lo na galeria, ou retirá-lo.
gallery-not-here = Aqui eu não saberia quando este sonho é apagado, então ele não pode ser mostrado. Sonhe em um servidor do qual eu seja membro.
gallery-age-restricted = Sonhos de canais com restrição de idade nunca aparecem na galeria.
gallery-spoiler = Sonhos escondidos atrás de um spoiler nunca aparecem na galeria.
gallery-explicit = O Discord marcou esta imagem como explícita, e essas imagens nunca aparecem na galeria.
gallery-begins-with-picture = Isto começa com a própria imagem, que você não enviou aqui, então não pode ser mostrado. Um sonho parado pode.
gallery-sound-of-others = Aqui se ouve um som que você não enviou aqui, então não pode ser mostrado.
gallery-picture-gone = A imagem ou o som de que isto foi feito foi apagado, então não pode ser mostrado.
gallery-server-off = A moderação deste servidor não quer seus sonhos na galeria.
gallery-full = A galeria está cheia no momento. Quem me hospeda pode abrir espaço.
gallery-too-many = Você tem { $most } sonhos na galeria, e esse é o máximo. Retire um antes.
gallery-dashboard-link = O painel, por { $hours } horas: { $link }
    Não passe adiante: qualquer pessoa com este link pode vê-lo.

# Na página de /privacy, se há galeria.
gallery-privacy = 🌐 Os sonhos que você mostrou na galeria da web: uma cópia de cada um, e da sua imagem se ela aparece ao lado. Até você retirar ou apagar.
gallery-privacy-never = -# Não guardo nomes de pessoas nem mensagens. Sua imagem só sai do canal dela se você mesmo mostrar um sonho dela na galeria; um sonho também pode ir para o hall da fama do servidor.

# As páginas da galeria.
gallery-title = Galeria de sonhos
gallery-skip = Ir para o conteúdo
gallery-nav = Seções
gallery-newest = Mais novos
gallery-starred = Com mais estrelas
gallery-layers = Camadas
gallery-presets = Presets
gallery-about = Estes sonhos foram compartilhados pelas próprias pessoas, no Discord. Estas páginas não usam cookies, não seguem ninguém e não carregam nada de outros lugares.
gallery-none = Ninguém compartilhou um sonho ainda. No Discord, aperte “{ results-more }” sob um sonho seu e depois “{ gallery-share }”.
gallery-pages = Páginas
gallery-page = Página { $page } de { $pages }
gallery-previous = Anterior
gallery-next = Próxima
gallery-moves = ▶ se move
gallery-stars = { $count ->
    [one] { $count } estrela
   *[other] { $count } estrelas
}
gallery-before = Antes
gallery-before-alt = A imagem de onde veio o sonho
gallery-after = O sonho
gallery-dream-alt = Sonho: { $look }
gallery-slider = Antes e depois: mova para comparar
gallery-shared-on = Compartilhado em { $date }
gallery-recipe = Sonhe isto no seu servidor
gallery-recipe-how = Copie o comando em um canal que tenha o dreambot.
gallery-recipe-picture = Anexe uma imagem.
gallery-command = Comando
gallery-recipe-full = A receita completa
gallery-recipe-text = Para /recipe, e a opção recipe de /dream
gallery-copy = Copiar
gallery-copied = Copiado
gallery-ancestors = Veio de
gallery-descendants = Feitos a partir deste sonho
gallery-layers-of = O que as camadas de { $model } sonham
gallery-layers-text = Cada imagem é a mesma foto de um gato, sonhada com uma camada. As camadas mais profundas vêm depois.
gallery-networks = Redes
gallery-presets-text = Cada imagem é a mesma foto de um gato, sonhada com um preset.
gallery-error-not-found = Não há nada aqui
gallery-error-not-found-text = O sonho foi retirado ou apagado, ou o endereço está errado.
gallery-error-forbidden = Este link não funciona
gallery-error-forbidden-text = Ele expirou ou está incompleto. Os donos do bot recebem um novo com /admin dashboard.
gallery-error-broken = Algo deu errado
gallery-error-broken-text = Esta página não pode ser mostrada agora. Tente de novo em um minuto.
gallery-error-link = Ver os sonhos mais novos
